import ChaosScenario
import Foundation
import HostPrograms
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A receiver of OTLP over HTTP, on sockets of its own.
final class SpanReceiver: Sendable {
    struct Span: Decodable, Sendable {
        var traceId: String
        var spanId: String
        var parentSpanId: String?
        var name: String
        /// The program that told of it.
        var service: String?
    }

    let url: String
    private let listener: Int32
    private let received = Mutex<[Span]>([])

    init() throws {
        let (descriptor, port) = try Loopback.listen()
        listener = descriptor
        url = "http://127.0.0.1:\(port)"
        Thread.detachNewThread { [self] in
            while case let connection = accept(descriptor, nil, nil), connection >= 0 {
                Thread.detachNewThread { [self] in
                    while let body = Self.request(connection) {
                        let batch = (try? JSONDecoder().decode(Batch.self, from: body))?.spans ?? []
                        received.withLock { $0 += batch }
                        let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8)
                        guard write(connection, answer, answer.count) == answer.count else { break }
                    }
                    close(connection)
                }
            }
            close(descriptor)
        }
    }

    /// Takes no further connections.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// The spans of one trace, each once: a batch may come twice.
    func spans(of trace: String) -> [Span] {
        var known: Set<String> = []
        return received.withLock { $0 }.filter { $0.traceId == trace && known.insert($0.spanId).inserted }
    }

    /// The body of the next request; `nil` at the end.
    private static func request(_ connection: Int32) -> Data? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            var byte: UInt8 = 0
            guard recv(connection, &byte, 1, 0) == 1 else { return nil }
            head.append(byte)
        }
        let lines = String(decoding: head, as: UTF8.self).lowercased().split(separator: "\r\n")
        guard let line = lines.first(where: { $0.hasPrefix("content-length:") }),
            let length = Int(line.dropFirst("content-length:".count).drop { $0 == " " })
        else { return nil }
        var body: [UInt8] = []
        while body.count < length {
            var piece = [UInt8](repeating: 0, count: length - body.count)
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            body += piece.prefix(count)
        }
        return Data(body)
    }

    private struct Batch: Decodable {
        var resourceSpans: [Resource]

        struct Resource: Decodable {
            var resource: Attributes
            var scopeSpans: [Scope]
        }

        struct Scope: Decodable {
            var spans: [Span]
        }

        struct Attributes: Decodable {
            var attributes: [Pair]
        }

        struct Pair: Decodable {
            var key: String
            var value: [String: String]
        }

        var spans: [Span] {
            resourceSpans.flatMap { part in
                let name = part.resource.attributes.first { $0.key == "service.name" }?.value["stringValue"]
                return part.scopeSpans.flatMap(\.spans).map { span in
                    var span = span
                    span.service = name
                    return span
                }
            }
        }
    }
}
