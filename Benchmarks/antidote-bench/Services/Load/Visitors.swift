import AntidoteCore

/// Sessions that ask for a lesson, see it ready, leave it, and see it gone: each one at a time.
final class Visitors {
    enum Stage {
        case away
        case asking
        case waiting
        case leaving
    }

    private struct Visitor {
        var token: String
        var stage = Stage.away
        var environment = ""
        var askedAt = ContinuousClock.now
        var hasLeft = false
        var isGone = false
    }

    private let loop: LoadLoop
    private var visitors: [Visitor] = []
    private var visitorOf: [String: Int] = [:]
    /// Events may come before the answer to the request.
    private var early: Set<String> = []
    /// Those who have nothing under way.
    private var away: [Int] = []

    /// From the request until it was heard that it is ready, in seconds.
    private(set) var waits: [Double] = []
    private(set) var done = 0
    /// What went otherwise than it shall.
    private(set) var failures: [String] = []

    /// Opens `count` sessions.
    init(_ count: Int, on loop: LoadLoop) throws {
        self.loop = loop
        visitors = try loop.openSessions(count).map { Visitor(token: $0) }
        away = Array(visitors.indices)
    }

    var underWay: Int { visitors.count - away.count }

    func forgetFigures() {
        waits = []
        done = 0
    }

    /// One more asks. False if nobody is free.
    func come(at time: ContinuousClock.Instant = .now) -> Bool {
        guard let index = away.popLast() else { return false }
        visitors[index].stage = .asking
        visitors[index].askedAt = time
        visitors[index].hasLeft = false
        visitors[index].isGone = false
        loop.ask(.lesson(token: visitors[index].token), for: index)
        return true
    }

    /// Goes on with what has come.
    func turn(atMost limit: Duration) throws {
        for news in try loop.turn(atMost: limit) {
            switch news {
            case .answer(let answer, let asker): hear(answer, asker)
            case .event(let event, let environment): hear(event, environment)
            }
        }
        guard failures.count < 100 else {
            throw AntidoteError(.internalFault, "the load is not served: \(failures.prefix(3))")
        }
    }

    private func hear(_ answer: WebAnswer, _ index: Int) {
        guard answer.status / 100 == 2 else {
            failures.append("\(visitors[index].stage): \(answer.status)")
            return release(index)
        }
        if visitors[index].stage == .leaving {
            visitors[index].hasLeft = true
            return leaveIfGone(index)
        }
        guard let environment = answer.text(after: Self.location) else {
            failures.append("an answer names no live lesson")
            return release(index)
        }
        visitors[index].environment = environment
        visitors[index].stage = .waiting
        visitorOf[environment] = index
        if early.remove(environment) != nil { leave(index) }
    }

    private func hear(_ event: BusLine.Event, _ environment: String) {
        guard let index = visitorOf[environment] else {
            if event == .ready { early.insert(environment) }
            return
        }
        switch event {
        case .ready: leave(index)
        case .deleted:
            visitors[index].isGone = true
            leaveIfGone(index)
        case .failed:
            failures.append("a lab failed")
            release(index)
        case .echo: break
        }
    }

    private func leave(_ index: Int) {
        guard visitors[index].stage == .waiting else { return }
        waits.append(visitors[index].askedAt.duration(to: .now) / .seconds(1))
        visitors[index].stage = .leaving
        loop.ask(
            WebRequest("DELETE", "/v1/livelessons/\(visitors[index].environment)", token: visitors[index].token),
            for: index
        )
    }

    private func leaveIfGone(_ index: Int) {
        guard visitors[index].hasLeft, visitors[index].isGone else { return }
        done += 1
        release(index)
    }

    private func release(_ index: Int) {
        visitorOf[visitors[index].environment] = nil
        visitors[index].stage = .away
        away.append(index)
    }

    private static let location = Array("location: /v1/livelessons/".utf8)
}
