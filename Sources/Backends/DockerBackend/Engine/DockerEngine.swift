import AntidoteCore
import ConcurrencyKit
import Logging
import Synchronization

/// One engine as all parts of a backend share it: the client, its images, and what is known of its host.
final class DockerEngine: Sendable {
    let client: EngineClient
    let configuration: DockerConfiguration
    let settings: ContainerSettings
    let images: ImageStore
    let logger = Logger(label: "antidote.docker")
    private let known = Mutex<EngineInformation?>(nil)

    init(_ configuration: DockerConfiguration) throws {
        self.configuration = configuration
        settings = ContainerSettings(configuration)
        let address = try configuration.address ?? EngineDiscovery.system().address()
        let limiter = AdaptiveLimiter(
            limit: AdaptiveLimit(cpus: 2),
            time: configuration.time,
            backend: configuration.name
        )
        client = try EngineClient(address: address, limiter: limiter, time: configuration.time)
        images = ImageStore(client: client, configuration: configuration)
    }

    deinit { client.shutdown() }

    /// What the engine says of its host, asked for once.
    func information() async throws -> EngineInformation {
        if let information = known.withLock({ $0 }) { return information }
        let information = try await client.information()
        let isFirst = known.withLock { known in
            defer { known = information }
            return known == nil
        }
        if isFirst { client.limiter.reset(to: AdaptiveLimit(cpus: information.cpus)) }
        return information
    }

    /// Whether `labels` are of this instance and store.
    func owns(_ labels: [String: String]) -> Bool {
        labels[Label.instance] == configuration.instance.rawValue
            && labels[Label.store] == configuration.store.rawValue
    }

    /// Throws `foreignResource` for a topology of another instance or store.
    func checkOwnership(of id: TopologyID) throws {
        guard id.instance == configuration.instance, id.store == configuration.store else {
            throw AntidoteError(
                .foreignResource,
                "the topology \(id) belongs to another instance or store than this backend",
                recovery: "Give each instance a backend of its own."
            )
        }
    }

    /// How often a name is asked for that is taken by something that cannot be found.
    static let nameAttempts = 12

    /// An engine reserves a name a moment before the container can be found by it, and gives it free a moment after
    /// the container has gone: there is no event to wait for.
    func pauseBeforeName(_ attempt: Int) async throws {
        let backoff = Backoff(first: .milliseconds(20), longest: .seconds(1))
        try await configuration.time.sleep(backoff.pause(before: attempt + 1))
    }

    /// What was made with a warning about something that isolation or limits hang on is not what was asked for.
    func refuseWarnings(_ warnings: [String], of name: String) throws {
        for warning in warnings {
            let text = warning.lowercased()
            // Without accounting for swap there is none to be had beyond the host's own.
            let isHarmless = text.contains("swap") || text.contains("ipv4 forwarding") || text.contains("platform")
            if isHarmless {
                logger.debug("The engine warns.", metadata: ["place": "\(name)", "warning": "\(warning)"])
                continue
            }
            throw AntidoteError(
                .backendRefused,
                "the engine did not do all that was asked: \(warning.prefix(300))",
                recovery: "Labs need an engine that honours isolation and limits: Docker Engine 20.10 or newer.",
                subject: name
            )
        }
    }
}

extension DockerEngine {
    /// The last that an endpoint printed, for an error: without its secrets. `nil` if that is nothing, or if its
    /// secrets cannot be told now, so that they could not be kept out.
    func lastOutput(of endpoint: Endpoint, container: String) async throws -> String? {
        let environment = try? await ResolvedEnvironment(
            endpoint.environment,
            resolver: configuration.secrets,
            place: endpoint.name
        )
        guard let environment else { return nil }
        let tail = try await client.logTail(of: container, lines: 60).text(without: environment.secrets)
        return tail.isEmpty ? nil : tail
    }
}
