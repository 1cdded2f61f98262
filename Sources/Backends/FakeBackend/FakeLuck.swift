import AntidoteCore

/// What a script has in store for one call.
struct FakeLuck {
    var latency: Duration?
    var fault: FakeFault?
}

extension FakeScript {
    /// Whether calls are to be told apart at all.
    var isEventful: Bool { !latencies.isEmpty || !faults.isEmpty }

    /// Decides what becomes of the next call of `operation` for `subject`.
    func luck(with operation: FakeOperation, _ subject: String, _ provider: FakeProvider) -> FakeLuck {
        let question = "\(operation.rawValue)/\(subject)"
        let call = provider.call(question)
        let dice = FakeDice(seed: seed)
        let latency = latencies[operation].map { dice.duration(in: $0, "latency/\(question)/\(call)") }
        let fault = faults.enumerated().first { index, fault in
            fault.operation == operation && call <= fault.firstCalls ?? .max
                && dice.unit("fault/\(index)/\(question)/\(call)") < fault.probability
        }?.element
        return FakeLuck(latency: latency, fault: fault)
    }
}

/// Draws from a seed by what is asked, and not by when: so that the order of concurrent calls changes nothing.
struct FakeDice: Sendable {
    let seed: UInt64

    /// A number from 0 up to, not including, 1.
    func unit(_ question: String) -> Double {
        var hash = seed ^ 0xCBF2_9CE4_8422_2325
        for byte in question.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return RandomSource.seeded(hash).unit()
    }

    func duration(in range: ClosedRange<Duration>, _ question: String) -> Duration {
        range.lowerBound + .seconds((range.upperBound - range.lowerBound).inSeconds * unit(question))
    }
}
