import AntidoteCore
import CNATS

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Copies a message out of libnats' memory. Whoever sent it may mean us ill.
struct MessageReader {
    var message: BusMessage
    /// There were headers that break the rules: the message is told without them.
    var refusedHeaders = false

    /// `nil` if it is none.
    init?(_ raw: OpaquePointer?, limits: BusLimits) {
        guard let subject = natsMsg_GetSubject(raw) else { return nil }
        let count = Int(natsMsg_GetDataLength(raw))
        let data = natsMsg_GetData(raw)
        let payload = data.map { [UInt8](UnsafeRawBufferPointer(start: $0, count: count)) } ?? []
        message = BusMessage(subject: String(cString: subject), payload: payload)
        // An encoded header takes a few bytes more than its name and its value.
        let most = limits.headerBytes + 16 * limits.headers + 64
        guard Self.headerBytes(raw, subject, data) <= most else {
            refusedHeaders = true
            return
        }
        readHeaders(raw, limits)
    }

    /// How many bytes lie between the subject, which comes first in a message of libnats, and the data: what the headers
    /// have, and a few more. To know it before libnats looks at them matters: what it does for each grows with all.
    private static func headerBytes(
        _ raw: OpaquePointer?,
        _ subject: UnsafePointer<CChar>,
        _ data: UnsafePointer<CChar>?
    ) -> Int {
        guard let data else { return 0 }
        let reply = natsMsg_GetReply(raw).map { strlen($0) + 1 } ?? 0
        return Int(bitPattern: data) - Int(bitPattern: subject) - Int(strlen(subject)) - 1 - Int(reply)
    }

    private mutating func readHeaders(_ raw: OpaquePointer?, _ limits: BusLimits) {
        var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        var count: Int32 = 0
        let status = natsMsgHeader_Keys(raw, &names, &count)
        guard status != NATS_NOT_FOUND else { return }
        guard status == NATS_OK, let names else {
            refusedHeaders = true
            return
        }
        defer { free(names) }
        var headers: [String: String] = [:]
        for index in 0..<Int(count) {
            guard let name = names[index] else { continue }
            var value: UnsafePointer<CChar>?
            guard natsMsgHeader_Get(raw, name, &value) == NATS_OK, let value else { continue }
            headers[String(cString: name)] = String(cString: value)
        }
        message.headers = HeaderRule.carried(headers, within: limits)
        refusedHeaders = message.headers.count < Int(count)
    }
}
