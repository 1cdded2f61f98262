public import AntidoteCore
import Logging
public import NATSEvents

/// The bus of an installation. Only this type knows more than one kind of bus.
public enum BusSelection: Sendable {
    /// In the process, for a program that runs all services.
    case inProcess
    case nats(NATSConfiguration)

    /// The bus that the settings name; `nil` if they name none.
    ///
    /// Throws `configurationInvalid` for credentials that are missing or contradict each other.
    public init?(_ settings: ServiceSettings, clientName: String) throws {
        guard !settings.natsServers.isEmpty else { return nil }
        self = .nats(
            NATSConfiguration(
                servers: settings.natsServers,
                credentials: try BusSelection.credentials(settings),
                tls: settings.natsCAFile.map { NATSTLS(authorityFile: $0) },
                clientName: clientName
            )
        )
    }

    /// Throws `configurationInvalid` for problems that can be found without connecting.
    func validate() throws {
        if case .nats(let configuration) = self { try configuration.validate() }
    }

    func open(logger: Logger) async throws -> OpenBus {
        switch self {
        case .inProcess:
            return OpenBus(bus: InProcessBus(), health: nil) {}
        case .nats(let configuration):
            let bus = try NATSEventBus(configuration, logger: logger)
            do {
                try await bus.connect()
            } catch let error as AntidoteError where error.code == .busUnavailable {
                // Without a bus everything works, only slower. The client reconnects in the background.
                logger.warning(
                    "the bus is away: work is found by sweeps until it is back",
                    metadata: ["error": "\(error)"]
                )
            }
            return OpenBus(bus: bus, health: bus) { _ = await bus.close() }
        }
    }

    private static func credentials(_ settings: ServiceSettings) throws -> NATSCredentials {
        var named: [NATSCredentials] = []
        if let user = settings.natsUser {
            named.append(.user(user, password: settings.natsPassword ?? Secret("")))
        }
        if let token = settings.natsToken { named.append(.token(token)) }
        if let file = settings.natsCredentialsFile { named.append(.credentialsFile(file)) }
        guard let only = named.first, named.count == 1 else {
            throw AntidoteError(
                .configurationInvalid,
                named.isEmpty
                    ? "there are no credentials for NATS" : "NATS is given credentials of more than one kind",
                recovery: "Set \(Setting.natsUser) with \(Setting.natsPassword), or \(Setting.natsToken), or "
                    + "\(Setting.natsCredentialsFile)."
            )
        }
        return only
    }
}

/// An open bus, and how to close it.
struct OpenBus: Sendable {
    var bus: any EventBus
    var health: (any HealthChecking)?
    var close: @Sendable () async -> Void
}

extension NATSEventBus: HealthChecking {
    public func checkHealth() async throws { try await checkHealth(within: .seconds(1)) }
}
