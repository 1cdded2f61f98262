import AntidoteCore

/// What visitors do for a while, and what came of it.
struct Load {
    let visitors: Visitors

    struct Outcome {
        /// Complete lifecycles while more came.
        var done: Int
        /// Complete lifecycles in all: those under way at the end are waited for.
        var doneAfterwards: Int
        var seconds: Double
        /// From the request until it was heard that it is ready.
        var waits: [Double]

        var rate: Double { Double(done) / seconds }
    }

    /// `count` are always under way, for so long.
    func closed(_ count: Int, for time: Duration) throws -> Outcome {
        visitors.forgetFigures()
        let start = ContinuousClock.now
        while start.duration(to: .now) < time {
            while visitors.underWay < count, visitors.come() {}
            try visitors.turn(atMost: .milliseconds(100))
        }
        return try end(since: start)
    }

    /// `count` come one after the other, each when the one before is gone.
    func single(_ count: Int) throws -> Outcome {
        visitors.forgetFigures()
        let start = ContinuousClock.now
        while visitors.done < count {
            if visitors.underWay == 0 { _ = visitors.come() }
            try visitors.turn(atMost: .milliseconds(100))
            guard start.duration(to: .now) < .seconds(60) else { throw Self.stuck }
        }
        return try end(since: start)
    }

    /// `rate` come each second, whatever became of those before.
    func open(_ rate: Double, for time: Duration) throws -> Outcome {
        visitors.forgetFigures()
        let start = ContinuousClock.now
        var number = 0
        while true {
            let due = start + .seconds(1) * (Double(number) / rate)
            if due - start >= time { break }
            let now = ContinuousClock.now
            if due <= now {
                // The generator's clock ticks in milliseconds; who has to wait longer for it has waited since then.
                guard visitors.come(at: now - due < .milliseconds(2) ? now : due) else { throw Self.stuck }
                number += 1
            } else {
                try visitors.turn(atMost: ContinuousClock.now.duration(to: due))
            }
        }
        return try end(since: start)
    }

    private func end(since start: ContinuousClock.Instant) throws -> Outcome {
        let (done, seconds) = (visitors.done, start.duration(to: .now) / .seconds(1))
        let end = ContinuousClock.now + .seconds(20)
        while visitors.underWay > 0 {
            guard ContinuousClock.now < end else { throw Self.stuck }
            try visitors.turn(atMost: .milliseconds(100))
        }
        guard visitors.failures.isEmpty else {
            throw AntidoteError(.internalFault, "the load was not served: \(visitors.failures.prefix(3))")
        }
        return Outcome(done: done, doneAfterwards: visitors.done, seconds: seconds, waits: visitors.waits)
    }

    private static var stuck: AntidoteError {
        AntidoteError(.deadlineExceeded, "what was asked for did not become ready, or did not go")
    }
}
