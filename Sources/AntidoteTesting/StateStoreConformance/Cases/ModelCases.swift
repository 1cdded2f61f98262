import AntidoteCore

extension StoreCase {
    static let modelCases: [StoreCase] = [
        StoreCase(
            .model,
            "random",
            "2,000 operations in any order are answered as the store within a process answers them",
            limits: ModelRun.limits
        ) { bench in
            let seed = bench.random.next()
            do {
                try await ModelRun(bench: bench, seed: seed).run(steps: 2000)
            } catch let failure as ConformanceFailure {
                throw ConformanceFailure(description: "\(failure) (seed \(seed))")
            }
        }
    ]
}
