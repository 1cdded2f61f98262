import Foundation

/// Bytes to a server and back, for what no client would send. Everything blocks, on threads of its own.
enum RawConnection {
    /// Sends `pieces`, and returns what comes until the server closes, or `patience` is over.
    ///
    /// - Parameter isTold: Whether each piece but the first is only sent when something has come that ends with an empty
    ///   line.
    static func exchange(
        port: Int,
        _ pieces: [[UInt8]],
        pause: Duration = .zero,
        isTold: Bool = false,
        patience: Int = 10
    ) async -> String {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                continuation.resume(returning: blocking(port, pieces, pause: pause, isTold: isTold, patience: patience))
            }
            thread.start()
        }
    }

    static func exchange(port: Int, _ text: String, patience: Int = 10) async -> String {
        await exchange(port: port, [Array(text.utf8)], patience: patience)
    }

    private static func blocking(
        _ port: Int,
        _ pieces: [[UInt8]],
        pause: Duration,
        isTold: Bool,
        patience: Int
    ) -> String {
        #if canImport(Darwin)
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #else
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        guard descriptor >= 0 else { return "no socket" }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return "no connection" }
        var answer: [UInt8] = []
        pieces: for (number, piece) in pieces.enumerated() {
            if isTold, number > 0 {
                repeat {
                    var byte: UInt8 = 0
                    guard recv(descriptor, &byte, 1, 0) == 1 else {
                        return String(decoding: answer, as: UTF8.self) + "<not told>"
                    }
                    answer.append(byte)
                } while !answer.suffix(4).elementsEqual("\r\n\r\n".utf8)
            }
            #if canImport(Darwin)
            let flags: Int32 = 0
            #else
            let flags = Int32(MSG_NOSIGNAL)
            #endif
            var rest = piece[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
                if count < 0, errno == EAGAIN || errno == EWOULDBLOCK { return "<stuck>" }
                guard count > 0 else { break pieces }
                rest = rest.dropFirst(count)
            }
            if pause > .zero { usleep(UInt32(pause.components.attoseconds / 1_000_000_000_000)) }
        }
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 { break }
            guard count > 0 else {
                if errno == EAGAIN || errno == EWOULDBLOCK { return String(decoding: answer, as: UTF8.self) + "<open>" }
                break
            }
            answer += buffer[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
