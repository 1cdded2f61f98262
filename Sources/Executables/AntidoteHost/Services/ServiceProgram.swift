public import AntidoteCore
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

    /// Runs until the program is told to stop. Throws what keeps it from starting, with all that is wrong at once where
    /// that can be seen without asking anybody.
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
        let problems = ServiceProgram.problems(name, roles: roles, settings)
        guard problems.isEmpty else {
            throw AntidoteError(
                .configurationInvalid,
                problems.joined(separator: "; "),
                advice: "Mend them in the configuration file or in the environment."
            )
        }
        guard let store = try StoreSelection(settings.services) else { return }
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
            if let edition { try await instance.store.replaceCurriculum(with: edition) }
            try await HostedServices(roles, of: instance, telemetry: telemetry, onListening: onListening).run()
        }
    }

    /// Everything that keeps a program from running with these settings, as far as they tell.
    public static func problems(_ name: String, roles: Set<ServiceRole>, _ settings: Settings) -> [String] {
        let runsEverything = roles == Set(ServiceRole.allCases)
        var problems: [String] = []
        func note(_ check: () throws -> Void) {
            do { try check() } catch { problems.append(AntidoteError.wrapping(error).message) }
        }
        note { _ = try settings.requiredInstance }
        note {
            if let store = try StoreSelection(settings.services) { return try store.validate() }
            throw AntidoteError(.configurationInvalid, "neither databaseUrl nor stateFile is set")
        }
        note {
            if let bus = try BusSelection(settings.services, clientName: name) { return try bus.validate() }
            if runsEverything { return }
            throw AntidoteError(.configurationInvalid, "natsUrl is not set")
        }
        note {
            guard settings.backend == .auto, !runsEverything else { return }
            throw AntidoteError(
                .configurationInvalid,
                "backend is not set: services that share a database must name the same one"
            )
        }
        return problems
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
