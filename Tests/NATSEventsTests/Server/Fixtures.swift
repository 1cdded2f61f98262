import AntidoteCore
import InMemoryLogging
import Logging
import NATSEvents
import Testing

extension Logger {
    static var silent: Logger { Logger(label: "silent", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

extension NATSConfiguration {
    static let password = "open sesame"

    /// For tests: quick to give up, and quick to come back.
    static func test(
        _ servers: String...,
        as credentials: NATSCredentials? = .user("antidote", password: Secret(password)),
        tls: NATSTLS? = nil,
        _ change: (inout NATSConfiguration) -> Void = { _ in }
    ) -> NATSConfiguration {
        var configuration = NATSConfiguration(
            servers: servers,
            credentials: credentials,
            tls: tls,
            connectTimeout: .milliseconds(500),
            operationTimeout: .seconds(1),
            reconnectPause: .milliseconds(10)...(.milliseconds(50))
        )
        change(&configuration)
        return configuration
    }
}

/// What a bus wrote to its log.
struct BusLog {
    let handler = InMemoryLogHandler()

    var logger: Logger {
        var logger = Logger(label: "bus", factory: { _ in handler })
        logger.logLevel = .trace
        return logger
    }

    var text: String { handler.entries.map { "\($0.level) \($0.message) \($0.metadata)" }.joined(separator: "\n") }
}

/// Runs `body` with a connected bus, and closes it.
func withBus<Value: Sendable>(
    _ configuration: NATSConfiguration,
    logger: Logger = .silent,
    _ body: (NATSEventBus) async throws -> Value
) async throws -> Value {
    let bus = try NATSEventBus(configuration, logger: logger)
    do {
        try await bus.connect()
        let value = try await body(bus)
        #expect(await bus.close())
        return value
    } catch {
        await bus.close()
        throw error
    }
}

/// The error of that code, which says nothing secret, and what to do.
@discardableResult
func error(
    _ code: AntidoteError.Code,
    _ act: () async throws -> Void
) async throws -> AntidoteError {
    let error = await #expect(throws: AntidoteError.self) { try await act() }
    let found = try #require(error)
    #expect(found.code == code, "\(found)")
    #expect(!found.debugDescription.contains("sesame"), "\(found.debugDescription)")
    #expect(found.recovery?.isEmpty == false, "\(found)")
    return found
}

func message(_ subject: String, _ text: String = "") -> BusMessage {
    BusMessage(subject: subject, payload: Array(text.utf8))
}

/// Publishes until the bus is there again.
func publish(_ message: BusMessage, whenThereOn bus: NATSEventBus) async throws {
    while true {
        do {
            return try await bus.publish(message)
        } catch let error as AntidoteError where error.code == .busUnavailable {
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
