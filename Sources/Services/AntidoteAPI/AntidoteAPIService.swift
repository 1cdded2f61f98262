public import AntidoteCore
public import AntidoteLessons
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
public import ServiceLifecycle
import Synchronization

/// The HTTP API as a service: listens until it is cancelled, or told to shut down gracefully.
///
/// Then it accepts nobody any more, finishes what is under way within `drainTimeout`, and returns: at the latest when the
/// store has had its time for a write that was begun.
public struct AntidoteAPIService: Service {
    private let settings: APISettings
    private let responder: APIResponder
    private let telemetry: Telemetry
    private let onListening: @Sendable (HostAddress) async -> Void

    /// - Parameters:
    ///   - lessons: What is served.
    ///   - health: What `/readyz` tells.
    ///   - settings: Where it listens, and what it bears.
    ///   - metrics: What `/metrics` tells, in Prometheus' text format.
    ///   - telemetry: What is told of each request.
    ///   - time: What is waited by.
    ///   - random: Where the ids of requests come from. Tokens come from the system's secure source.
    ///   - onListening: Told where it listens, as soon as it does.
    public init(
        lessons: LiveLessons,
        health: HealthMonitor,
        settings: APISettings = APISettings(),
        metrics: @escaping @Sendable () -> String = { "" },
        telemetry: Telemetry,
        time: TimeSource = .system,
        random: RandomSource = .system,
        onListening: @escaping @Sendable (HostAddress) async -> Void = { _ in }
    ) {
        self.settings = settings
        self.telemetry = telemetry
        self.onListening = onListening
        responder = APIResponder(
            table: AntidoteAPIService.table(lessons: lessons, health: health, settings: settings, metrics: metrics),
            reader: RequestReader(lessons: lessons, bodyLimit: settings.bodyLimit),
            settings: settings,
            journal: RequestJournal(telemetry: telemetry),
            time: time,
            random: random
        )
    }

    /// Throws `configurationInvalid` where it cannot listen.
    public func run() async throws {
        let isListening = Mutex(false)
        do {
            try await serve { isListening.withLock { $0 = true } }
        } catch let error where !(error is CancellationError) && !isListening.withLock({ $0 }) {
            throw AntidoteError(
                .configurationInvalid,
                "cannot listen on \(HostAddress(host: settings.host, port: settings.port)): \(error)",
                recovery: "See that nothing else listens there, and that the address is one of this machine.",
                cause: error
            )
        }
    }

    static func table(
        lessons: LiveLessons,
        health: HealthMonitor,
        settings: APISettings,
        metrics: @escaping @Sendable () -> String
    ) -> RouteTable {
        RouteTable(
            routes: OpenAPIDocument.including(
                LessonRoutes(lessons: lessons).routes
                    + SessionRoutes(lessons: lessons, lifetime: settings.sessionLifetime).routes
                    + LiveLessonRoutes(lessons: lessons).routes
                    + OperationRoutes(health: health, metrics: metrics).routes
            )
        )
    }

    private func serve(_ didListen: @escaping @Sendable () -> Void) async throws {
        let application = application(didListen)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask {
                try await gracefulShutdown()
                try await responder.time.sleep(settings.drainTimeout)
                telemetry.warning("requests that were still under way are cut off")
            }
            // Whichever is first: it ended by itself, or it was given its time.
            try await group.next()
            group.cancelAll()
        }
    }

    private func application(_ didListen: @escaping @Sendable () -> Void) -> Application<APIResponder> {
        let journal = responder.journal
        let random = responder.random
        let limits = ConnectionGuard.Limits(
            reading: TimeAmount(settings.readTimeout),
            writing: TimeAmount(settings.writeTimeout)
        )
        let refuse: @Sendable (APIProblem) -> [UInt8] = { problem in
            let id = random.base32(length: 16)
            let answer = APIAnswer.problem(problem, requestID: id)
            journal.record(.init(id: id, method: "OTHER", route: APIResponder.unmatched), answer, after: .zero)
            return answer.body
        }
        var quiet = telemetry.logger
        quiet.logLevel = max(quiet.logLevel, .warning)
        return Application(
            responder: responder,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [ConnectionGuard(limits: limits, refuse: refuse)],
                    idleTimeout: TimeAmount(settings.idleTimeout),
                    httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                        maxHeaderFieldSize: settings.headFieldLimit,
                        maxHeaderListSize: settings.headLimit,
                        maxHeaderFieldCount: settings.headFieldCount
                    )
                )
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                backlog: 1024,
                availableConnectionsDelegate: .maximum(settings.maximumConnections, logger: quiet)
            ),
            onServerRunning: { channel in
                didListen()
                let port = channel.localAddress?.port ?? settings.port
                await onListening(HostAddress(host: settings.host, port: port))
            },
            logger: quiet
        )
    }
}
