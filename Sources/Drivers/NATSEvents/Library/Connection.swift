import AntidoteCore
import CNATS

/// A connection to one server, until it is lost.
///
/// Sendable because libnats locks its connections: every function here may be called from any thread. The pointer lives as
/// long as this object, and nobody else destroys it.
final class Connection: @unchecked Sendable {
    /// As events tell of it.
    let key: Int
    /// For people.
    let place: String
    private let raw: OpaquePointer

    /// Blocks until the server has accepted who we are, or libnats gives up.
    init(_ configuration: NATSConfiguration, _ server: ServerAddress, encrypted: Bool, key: Int) throws {
        let place = server.url(encrypted: encrypted)
        let options = try ConnectionOptions(configuration, server, encrypted: encrypted, key: key)
        var made: OpaquePointer?
        let status = natsConnection_Connect(&made, options.raw)
        guard status == NATS_OK, let made else { throw LibraryError.connecting(status, to: place) }
        self.key = key
        self.place = place
        raw = made
    }

    /// Blocks for half a second at most.
    deinit { natsConnection_Destroy(raw) }

    /// Ends it; its subscriptions end with it.
    func close() { natsConnection_Close(raw) }

    /// Hands the message to the connection. Blocks no longer than the write deadline.
    func publish(_ message: BusMessage) throws {
        let status =
            message.headers.isEmpty
            ? message.payload.withUnsafeBytes {
                natsConnection_Publish(raw, message.subject, $0.baseAddress, Int32($0.count))
            } : publishWithHeaders(message)
        if status == NATS_MAX_PAYLOAD {
            throw AntidoteError(
                .messageRefused,
                "the message has \(message.payload.count) bytes, which is more than the NATS server takes",
                recovery: "Raise max_payload of the server.",
                subject: place
            )
        }
        try check(status, "publish")
    }

    /// Whether the server has seen everything so far: a round trip.
    func isFlushed(within limit: Duration) -> Bool {
        // What could not be written is still in the buffer, and libnats waits for no answer to it then. But the answer to a
        // ping of the server may lie there for a moment too: the next try takes it along.
        for _ in 1...2 {
            guard natsConnection_FlushTimeout(raw, limit.wholeMilliseconds) == NATS_OK,
                natsConnection_Status(raw) == NATS_CONN_STATUS_CONNECTED
            else { return false }
            if natsConnection_Buffered(raw) == 0 { return true }
        }
        return false
    }

    func subscribe(_ subscription: Subscription, _ receiver: Receiver) throws -> ServerSubscription {
        try ServerSubscription(raw, subscription, receiver, place: place)
    }

    /// What the server refused last, if that was this. It stays so for as long as this connection lives.
    func denial(of subject: String) -> AntidoteError? {
        var text: UnsafePointer<CChar>?
        guard natsConnection_GetLastError(raw, &text) == NATS_NOT_PERMITTED, let text,
            LibraryError.text(NATS_NOT_PERMITTED, text).contains("\"\(subject)\"")
        else { return nil }
        return AntidoteError(
            .busDenied,
            "the NATS server does not permit “\(subject)” to this user",
            recovery: "Permit it in the server's configuration.",
            subject: place
        )
    }

    private func publishWithHeaders(_ message: BusMessage) -> natsStatus {
        var made: OpaquePointer?
        let status = message.payload.withUnsafeBytes { bytes in
            natsMsg_Create(
                &made,
                message.subject,
                nil,
                bytes.assumingMemoryBound(to: CChar.self).baseAddress,
                Int32(bytes.count)
            )
        }
        guard status == NATS_OK else { return status }
        defer { natsMsg_Destroy(made) }
        for (name, value) in message.headers {
            let status = natsMsgHeader_Set(made, name, value)
            if status != NATS_OK { return status }
        }
        return natsConnection_PublishMsg(raw, made)
    }

    private func check(_ status: natsStatus, _ what: String) throws {
        guard status != NATS_OK else { return }
        throw AntidoteError.unavailable("the bus could not \(what): \(LibraryError.text(status))", subject: place)
    }
}
