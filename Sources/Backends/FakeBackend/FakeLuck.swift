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
