import Foundation

/// One accepted connection, on its own thread: everything blocks.
final class ServerConnection {
    struct Request: Sendable {
        let line: String
        let headers: [String: String]
        let body: [UInt8]

        var path: String { line.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
    }

    private let descriptor: Int32
    private let report: AsyncStream<TestServer.Event>.Continuation
    private var buffer: [UInt8] = []
    private(set) var sent = 0

    init(descriptor: Int32, report: AsyncStream<TestServer.Event>.Continuation) {
        self.descriptor = descriptor
        self.report = report
        #if canImport(Darwin)
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
        #endif
    }

    /// The next request on this connection, or `nil` at its end.
    func request() -> Request? {
        guard let head = readHead() else { return nil }
        let lines = head.split(separator: "\r\n").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        var body: [UInt8] = []
        if let length = headers["content-length"].flatMap({ Int($0) }) {
            body = read(count: length) ?? []
        } else if headers["transfer-encoding"] == "chunked" {
            while let size = readLine().flatMap({ Int($0, radix: 16) }) {
                body += read(count: size) ?? []
                _ = readLine()
                if size == 0 { break }
            }
        }
        report.yield(.request(lines[0]))
        return Request(line: lines[0], headers: headers, body: body)
    }

    @discardableResult
    func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    /// Blocks while the client does not read. `false` when the client is gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        #if canImport(Darwin)
        let flags: Int32 = 0
        #else
        let flags = Int32(MSG_NOSIGNAL)
        #endif
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                #if canImport(Darwin)
                Darwin.send(descriptor, all.baseAddress.map { $0 + done }, bytes.count - done, flags)
                #else
                Glibc.send(descriptor, all.baseAddress.map { $0 + done }, bytes.count - done, flags)
                #endif
            }
            guard count > 0 else {
                report.yield(.clientClosed(sent: sent))
                return false
            }
            done += count
            sent += count
        }
        return true
    }

    /// A whole answer.
    @discardableResult
    func answer(_ status: String = "200 OK", _ body: String = "", headers: [String] = []) -> Bool {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        return send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    @discardableResult
    func chunk(_ bytes: [UInt8]) -> Bool {
        send(Array((String(bytes.count, radix: 16) + "\r\n").utf8) + bytes + Array("\r\n".utf8))
    }

    /// Sends nothing until the client closes.
    func waitForClose() {
        while fill() {}
        report.yield(.clientClosed(sent: sent))
    }

    /// Reads nothing until the client closes.
    func waitForQuiet() {
        var poller = pollfd(fd: descriptor, events: 0, revents: 0)
        poll(&poller, 1, -1)
        report.yield(.clientClosed(sent: sent))
    }

    private func readHead() -> String? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = buffer.firstRange(of: end) {
                defer { buffer.removeSubrange(..<range.upperBound) }
                return String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
            }
            guard fill() else { return nil }
        }
    }

    private func readLine() -> String? {
        while true {
            if let range = buffer.firstRange(of: Array("\r\n".utf8)) {
                defer { buffer.removeSubrange(..<range.upperBound) }
                return String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
            }
            guard fill() else { return nil }
        }
    }

    private func read(count: Int) -> [UInt8]? {
        while buffer.count < count {
            guard fill() else { return nil }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    private func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count > 0 else { return false }
        buffer += piece.prefix(count)
        return true
    }
}
