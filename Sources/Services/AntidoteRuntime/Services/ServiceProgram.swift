public import AntidoteCore
public import AntidoteLessons
import Foundation
import Logging

/// A program that runs services of an installation with a shared database, bus and backend.
public struct ServiceProgram: Sendable {
    private let name: String
    private let roles: Set<ServiceRole>
    private let settings: Settings
    private let environment: [String: String]

    /// - Parameter name: The name in logs, in traces and at the servers.
    public init(_ name: String, roles: Set<ServiceRole>, settings: Settings, environment: [String: String]) {
        self.name = name
        self.roles = roles
        self.settings = settings
        self.environment = environment
    }

    /// Runs until SIGTERM or SIGINT. Throws the first error that keeps it from starting; ``problems(_:roles:_:)``
    /// lists all of those that the settings alone reveal.
    ///
    /// - Parameters:
    ///   - edition: Becomes the current curriculum before any service runs.
    ///   - note: Receives a line about each automatic choice, such as the backend.
    ///   - onListening: Receives the address of the API as soon as it listens.
    public func run(
        importing edition: CurriculumEdition? = nil,
        note: (String) -> Void = { _ in },
        onListening: @escaping @Sendable (HostAddress) async -> Void = { _ in }
    ) async throws {
        guard let store = try StoreSelection(settings.services) else { throw Self.storeIsMissing }
        let bus = try BusSelection(settings.services, clientName: name) ?? .inProcess
        let telemetry = try HostTelemetry.start(
            program: name,
            settings: settings.services,
            isTerminal: isatty(STDERR_FILENO) == 1
        )
        var backend: BackendSelection?
        if roles.contains(where: \.needsBackend) {
            let (selection, why) = try await BackendSelection.select(
                settings.backend,
                settings: settings,
                environment: environment
            )
            if let why { note(why) }
            backend = selection
        }
        try await HostedInstance.withParts(
            of: settings,
            store: store,
            bus: bus,
            backend: backend,
            logger: telemetry.logger
        ) { instance in
            if let edition { try await instance.lessons.replaceCurriculum(with: edition) }
            try await HostedServices(roles, of: instance, telemetry: telemetry, onListening: onListening).run()
        }
    }

    /// Returns everything in the settings that would keep the program from running.
    public static func problems(_ name: String, roles: Set<ServiceRole>, _ settings: Settings) -> [SettingsProblem] {
        let runsEverything = roles == Set(ServiceRole.allCases)
        var problems: [SettingsProblem] = []
        func check(_ keys: any AnySettingKey..., body: () throws -> Void) {
            do { try body() } catch { problems.append(SettingsProblem(keys, AntidoteError.wrapping(error))) }
        }
        check(Setting.instanceId) { _ = try settings.requiredInstance }
        check(Setting.databaseUrl, Setting.databasePassword, Setting.stateFile) {
            guard let store = try StoreSelection(settings.services) else { throw storeIsMissing }
            try store.validate()
        }
        check(
            Setting.natsUrl,
            Setting.natsUser,
            Setting.natsPassword,
            Setting.natsToken,
            Setting.natsCredentialsFile,
            Setting.natsCaFile
        ) {
            try BusSelection(settings.services, clientName: name)?.validate()
        }
        check(Setting.natsUrl) {
            guard settings.services.natsServers.isEmpty, !runsEverything else { return }
            throw AntidoteError.missing(
                Setting.natsUrl,
                recovery: "Services of several processes tell each other on NATS: name its servers."
            )
        }
        check(Setting.backend) {
            guard settings.backend == .auto, !runsEverything else { return }
            throw AntidoteError.missing(
                Setting.backend,
                recovery: "Services that share a database must name the same one."
            )
        }
        return problems
    }

    private static var storeIsMissing: AntidoteError {
        AntidoteError(
            .configurationInvalid,
            "neither \(Setting.databaseUrl) nor \(Setting.stateFile) is set",
            recovery: "Set \(Setting.databaseUrl) for services that share a database."
        )
    }
}

extension Settings {
    /// The backend that environments are placed on. Throws `configurationInvalid` if it is `auto`.
    var backendID: BackendID {
        get throws {
            guard backend != .auto else {
                throw AntidoteError.missing(Setting.backend, recovery: "Set it to docker or fake.")
            }
            return BackendID(unchecked: backend.rawValue)
        }
    }
}

/// A service of an installation. Any number of copies of each may run, on any machine.
public enum ServiceRole: String, Sendable, Hashable, CaseIterable {
    /// Serves learners over HTTP.
    case api
    /// Builds, configures, changes and repairs labs.
    case scheduler
    /// Removes labs that are no longer wanted, and labs without an owner.
    case gc

    /// Whether the service uses the backend.
    var needsBackend: Bool { self != .api }
}
