import Foundation

/// A pipe whose far end a thread reads, as whoever collects the logs of a program does.
final class LogPipe: Sendable {
    struct Failure: Error { let code: Int32 }

    /// What is written to.
    let writeEnd: Int32
    private let readEnd: Int32
    private let contents: AsyncStream<Data>

    /// - Parameters:
    ///   - isBlocking: Whether a writer has to wait for a slow reader, or is told so.
    ///   - pieces: How much is read at once, in bytes.
    init(isBlocking: Bool = true, pieces: Int = 65_536) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure(code: errno) }
        (readEnd, writeEnd) = (ends[0], ends[1])
        if !isBlocking { _ = fcntl(writeEnd, F_SETFL, fcntl(writeEnd, F_GETFL) | O_NONBLOCK) }
        let (stream, report) = AsyncStream<Data>.makeStream()
        contents = stream
        let readEnd = readEnd
        Thread.detachNewThread {
            var all = Data()
            var piece = [UInt8](repeating: 0, count: pieces)
            while true {
                let count = read(readEnd, &piece, piece.count)
                guard count > 0 else { break }
                all += piece.prefix(count)
            }
            close(readEnd)
            report.yield(all)
            report.finish()
        }
    }

    /// Closes the end that is written to, and gives all that was written.
    func finish() async -> Data {
        close(writeEnd)
        return await contents.first { _ in true } ?? Data()
    }
}

/// A line of the JSON log.
struct LogLine: Decodable {
    struct Failure: Decodable, Equatable {
        var type: String
        var code: String?
        var message: String?
    }

    enum Value: Decodable, Equatable {
        case text(String)
        case list([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .list(try container.decode([String].self))
            }
        }
    }

    var time: String
    var level: String
    var logger: String
    var message: String
    var trace_id: String?
    var span_id: String?
    var metadata: [String: Value]?
    var dropped_keys: Int?
    var error: Failure?
    var source: String?
    var file: String?
    var line: Int?

    /// Every line of a log; each must be an object of its own, in UTF-8.
    static func all(_ data: Data) throws -> [LogLine] {
        var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.popLast()?.isEmpty == true else { throw LogPipe.Failure(code: EILSEQ) }
        return try lines.map { line in
            guard String(validating: line, as: UTF8.self) != nil else { throw LogPipe.Failure(code: EILSEQ) }
            return try JSONDecoder().decode(LogLine.self, from: Data(line))
        }
    }
}
