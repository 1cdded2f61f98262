public import AntidoteCore
public import AntidoteLessons
import Foundation
import Logging

/// A program that runs services of an installation over shared parts: a database, a bus, a backend.
public struct ServiceProgram: Sendable {
    private let name: String
    private let roles: Set<ServiceRole>
    private let settings: Settings
    private let environment: [String: String]

    /// - Parameter name: As it is called in the process list, in logs and traces.
    public init(_ name: String, roles: Set<ServiceRole>, settings: Settings, environment: [String: String]) {
        self.name = name
        self.roles = roles
        self.settings = settings
        self.environment = environment
    }

    /// Runs until the program is told to stop. Throws what keeps it from starting; ``problems(_:roles:_:)`` tells at once
    /// all of it that can be seen without asking anybody.
    ///
    /// - Parameters:
    ///   - edition: Becomes the current curriculum before anything runs.
    ///   - note: Told what people should know of what was chosen for them.
    ///   - onListening: Told where the API listens, as soon as it does.
    public func run(
        importing edition: CurriculumEdition? = nil,
        note: (String) -> Void = { _ in },
        onListening: @escaping @Sendable (SocketAddress) async -> Void = { _ in }
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

    /// Everything that keeps a program from running with these settings, as far as they tell.
    public static func problems(_ name: String, roles: Set<ServiceRole>, _ settings: Settings) -> [SettingsProblem] {
        let runsEverything = roles == Set(ServiceRole.allCases)
        var problems: [SettingsProblem] = []
        func note(_ keys: String..., check: () throws -> Void) {
            do { try check() } catch { problems.append(SettingsProblem(keys, AntidoteError.wrapping(error))) }
        }
        note("instanceId") { _ = try settings.requiredInstance }
        note("databaseUrl", "databasePassword", "stateFile") {
            guard let store = try StoreSelection(settings.services) else { throw storeIsMissing }
            try store.validate()
        }
        note("natsUrl", "natsUser", "natsPassword", "natsToken", "natsCredentialsFile", "natsCAFile") {
            try BusSelection(settings.services, clientName: name)?.validate()
        }
        note("natsUrl") {
            guard settings.services.natsServers.isEmpty, !runsEverything else { return }
            throw AntidoteError(
                .configurationInvalid,
                "natsUrl is not set",
                advice: "Services of several processes tell each other on NATS: name its servers."
            )
        }
        note("backend") {
            guard settings.backend == .auto, !runsEverything else { return }
            throw AntidoteError(
                .configurationInvalid,
                "backend is not set",
                advice: "Services that share a database must name the same one."
            )
        }
        return problems
    }

    private static var storeIsMissing: AntidoteError {
        AntidoteError(
            .configurationInvalid,
            "neither databaseUrl nor stateFile is set",
            advice: "Set databaseUrl for services that share a database."
        )
    }
}

extension Settings {
    /// What environments are placed by. Throws `configurationInvalid` while it is still to be found.
    var backendID: BackendID {
        get throws {
            guard backend != .auto else {
                throw AntidoteError(.configurationInvalid, "backend is not set", advice: "Set it to docker or fake.")
            }
            return BackendID(unchecked: backend.rawValue)
        }
    }
}

/// A service of an installation. Any number of copies of each may run, on any machine.
public enum ServiceRole: String, Sendable, Hashable, CaseIterable {
    /// Answers visitors over HTTP.
    case api
    /// Builds, configures, changes and repairs labs.
    case scheduler
    /// Removes labs that nobody wants any more, and whatever has no owner.
    case gc

    /// Whether it asks the backend for something.
    var needsBackend: Bool { self != .api }
}
