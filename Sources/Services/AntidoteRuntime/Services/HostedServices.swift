import AntidoteAPI
@_spi(StoreKit) public import AntidoteCore
import Logging
import ServiceLifecycle
import TelemetryExport
import UnixSignals

/// Runs services of one installation until the process gets a signal: the same code for one service in a process of its
/// own, and for all of them in one process.
public struct HostedServices: Sendable {
    private let instance: HostedInstance
    private let roles: Set<ServiceRole>
    private let telemetry: HostTelemetry
    private let onListening: @Sendable (HostAddress) async -> Void

    /// - Parameter onListening: Receives the address of the API as soon as it listens.
    public init(
        _ roles: Set<ServiceRole>,
        of instance: HostedInstance,
        telemetry: HostTelemetry,
        onListening: @escaping @Sendable (HostAddress) async -> Void = { _ in }
    ) {
        self.roles = roles
        self.instance = instance
        self.telemetry = telemetry
        self.onListening = onListening
    }

    /// Returns when all services have shut down after SIGTERM or SIGINT. A second signal, or a shutdown that takes too
    /// long, exits the process. Throws the error that ended a service otherwise.
    public func run() async throws {
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
        if let exporter = telemetry.exporter { services.append(.init(service: ExportService(export: exporter.run))) }
        for role in ServiceRole.allCases.reversed() where roles.contains(role) {
            services.append(
                .init(
                    service: try service(role),
                    successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup
                )
            )
        }
        if roles.contains(.gc) { services.append(.init(service: RetentionService(instance: instance))) }
        let limit = instance.settings.services.drainDeadline + .seconds(10)
        // The last service in the list is shut down first.
        services.append(.init(service: ForcedExit(limit: limit + .seconds(10), telemetry: instance.telemetry)))
        var configuration = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: telemetry.logger
        )
        configuration.maximumGracefulShutdownDuration = limit
        try await ServiceGroup(configuration: configuration).run()
    }

    private func service(_ role: ServiceRole) throws -> any Service {
        let limit = instance.settings.services.drainDeadline
        switch role {
        case .scheduler:
            let scheduler = Scheduler(
                id: workerID(role),
                dependencies: instance.workerDependencies,
                planners: instance.planners
            )
            return WorkerService(scheduler, limit: limit, time: instance.time)
        case .gc:
            let collector = Collector(id: workerID(role), dependencies: instance.workerDependencies)
            return WorkerService(collector, limit: limit, time: instance.time)
        case .api:
            let settings = instance.settings.services
            let metrics = telemetry.metrics
            return AntidoteAPIService(
                lessons: try instance.liveLessons,
                health: HealthMonitor(instance.health, time: instance.time),
                settings: APISettings(
                    host: settings.httpHost,
                    port: settings.httpPort,
                    sessionLifetime: settings.liveSessionTTL,
                    trustedProxies: try settings.trustedProxies.map(AddressBlock.init(validating:))
                ),
                metrics: { metrics.render() },
                telemetry: instance.telemetry,
                time: instance.time,
                random: instance.random,
                onListening: onListening
            )
        }
    }

    private func workerID(_ role: ServiceRole) -> WorkerID {
        WorkerID(unchecked: "\(instance.id)-\(role.rawValue)-\(instance.random.base32(length: 8))")
    }
}
