import AntidoteCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One thread that has many requests under way and hears the events meanwhile: it shares the processors with what it
/// loads.
final class LoadLoop {
    enum News {
        case answer(WebAnswer, asker: Int)
        case event(BusLine.Event, environment: String)
    }

    private let lines: [WebLine]
    private let bus: BusLine?
    private var idle: [WebLine]
    private var waiting: [(request: WebRequest, asker: Int)] = []
    private var served = 0
    private var watched: [pollfd]

    init(httpPort: Int, connections: Int, bus: BusLine?) throws {
        lines = try (0..<connections).map { _ in try WebLine(port: httpPort) }
        self.bus = bus
        idle = lines
        watched = (lines.map(\.socket) + (bus.map { [$0.socket] } ?? [])).map {
            pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
        }
    }

    /// Sends it as soon as a connection is free.
    func ask(_ request: WebRequest, for asker: Int) { waiting.append((request, asker)) }

    /// Sends what waits, and returns what has come, waiting for it at most so long.
    func turn(atMost limit: Duration) throws -> [News] {
        try sendWaiting()
        for (index, line) in lines.enumerated() {
            watched[index].events = Int16(line.socket.mustWrite ? POLLIN | POLLOUT : POLLIN)
        }
        let pause = max(0, Int32((limit / .milliseconds(1)).rounded(.up)))
        guard poll(&watched, nfds_t(watched.count), pause) > 0 else { return [] }
        var news: [News] = []
        for (index, line) in lines.enumerated() where watched[index].revents != 0 {
            try line.socket.flush()
            try line.socket.receive()
            guard let asker = line.asker, let answer = line.takeAnswer() else { continue }
            line.asker = nil
            idle.append(line)
            news.append(.answer(answer, asker: asker))
        }
        if let bus, watched[lines.count].revents != 0 {
            try bus.socket.receive()
            news += try bus.takeEvents().map { .event($0.event, environment: $0.environment) }
        }
        return news
    }

    /// The answer to the only request that is under way.
    func answer(within limit: Duration) throws -> WebAnswer {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            for case .answer(let answer, asker: _) in try turn(atMost: .milliseconds(100)) { return answer }
        }
        throw AntidoteError(.deadlineExceeded, "the API did not answer within \(limit)")
    }

    private func sendWaiting() throws {
        while served < waiting.count, let line = idle.first {
            // In turn: the server closes those that are idle for long.
            idle.removeFirst()
            try line.send(waiting[served].request, for: waiting[served].asker)
            served += 1
        }
        if served == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            served = 0
        }
    }
}
