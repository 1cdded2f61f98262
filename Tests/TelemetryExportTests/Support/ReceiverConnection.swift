import Foundation

/// One connection of a receiver; everything blocks.
struct ReceiverConnection {
    let descriptor: Int32

    /// The next request with its body; `nil` when the client has closed.
    func next() -> OTLPReceiver.Received? {
        guard let head = head() else { return nil }
        let lines = head.split(separator: "\r\n").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        guard let length = headers["content-length"].flatMap({ Int($0) }), let body = read(length) else { return nil }
        return OTLPReceiver.Received(line: lines[0], headers: headers, body: body)
    }

    func answer(_ status: String, headers: [String], body: String) -> Bool {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
        #if canImport(Darwin)
        return send(descriptor, bytes, bytes.count, 0) == bytes.count
        #else
        return send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
        #endif
    }

    private func head() -> String? {
        let end = Array("\r\n\r\n".utf8)
        var bytes: [UInt8] = []
        while !bytes.suffix(4).elementsEqual(end) {
            guard let byte = read(1) else { return nil }
            bytes += byte
        }
        return String(decoding: bytes.dropLast(4), as: UTF8.self)
    }

    private func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { all in
                recv(descriptor, all.baseAddress.map { $0 + done }, count - done, 0)
            }
            guard got > 0 else { return nil }
            done += got
        }
        return bytes
    }
}
