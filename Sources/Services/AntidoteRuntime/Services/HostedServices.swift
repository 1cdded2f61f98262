import AntidoteAPI
public import AntidoteCore
import Logging
import ServiceLifecycle
import TelemetryExport
import UnixSignals

/// Runs services of one installation until the program is told to stop: the same code for one of them in a process of
/// its own, and for all of them in one.
public struct HostedServices: Sendable {
    private let instance: HostedInstance
    private let roles: Set<ServiceRole>
    private let telemetry: HostTelemetry
    private let onListening: @Sendable (AntidoteCore.SocketAddress) async -> Void

    /// - Parameter onListening: Told where the API listens, as soon as it does.
    public init(
        _ roles: Set<ServiceRole>,
        of instance: HostedInstance,
        telemetry: HostTelemetry,
        onListening: @escaping @Sendable (AntidoteCore.SocketAddress) async -> Void = { _ in }
    ) {
        self.roles = roles
        self.instance = instance
        self.telemetry = telemetry
        self.onListening = onListening
    }

    /// Returns when all of them have ended after SIGTERM or SIGINT; a second signal, or what takes longer than it may,
    /// ends them hard. Throws what ended one of them otherwise.
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
        if roles.contains(.gc) { services.append(.init(service: UpkeepService(instance: instance))) }
        let limit = instance.settings.services.drainDeadline + .seconds(10)
        // The last is told first.
        services.append(.init(service: HardStop(limit: limit + .seconds(10), telemetry: instance.telemetry)))
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
            let scheduler = Scheduler(id: workerID(role), parts: instance.workerParts)
            return WorkerService(scheduler, limit: limit, time: instance.time)
        case .gc:
            let collector = Collector(id: workerID(role), parts: instance.workerParts)
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
