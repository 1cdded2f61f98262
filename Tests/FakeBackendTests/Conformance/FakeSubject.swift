import AntidoteCore
import AntidoteTesting
import FakeBackend

/// The fake backend as the conformance suite tries it. Its machines do not run; a ``ModelLab`` answers for them.
struct FakeSubject: ConformanceSubject {
    let name = "fake"
    let tools = ImageReference("model/tools:1")
    let provider: FakeProvider
    let model = ModelLab()

    init() { provider = FakeProvider(time: .system) }

    var hands: (any ProviderHands)? { FakeHands(provider: provider) }
    var patience: Duration { .seconds(30) }
    var runsRealMachines: Bool { false }

    func backend(for installation: ConformanceInstallation) async throws -> any AntidoteBackend {
        let model = model
        return FakeBackend(
            instance: installation.instance,
            provider: provider,
            script: FakeScript(
                // So that two workers, or a worker and a removal, really meet.
                latencies: [
                    .start: .milliseconds(1)...(.milliseconds(20)), .job: .milliseconds(1)...(.milliseconds(5)),
                    .destroy: .milliseconds(1)...(.milliseconds(20)),
                ],
                imageTrouble: model.imageTrouble,
                machine: { model.machine($0, deadline: installation.endpointDeadline) },
                run: model.run
            ),
            owner: "conformance",
            features: Set(BackendCapabilities.Feature.allCases)
                .subtracting(installation.allowPrivileged ? [] : [.trustedFlavor]),
            time: .system
        )
    }
}

/// Breaks things at the fake provider.
struct FakeHands: ProviderHands {
    let provider: FakeProvider

    func kill(_ endpoint: String, of id: TopologyID) async throws { provider.kill(endpoint, in: id) }
    func remove(_ endpoint: String, of id: TopologyID) async throws { provider.remove(endpoint, in: id) }
    func things(of instance: InstanceID) async throws -> Int {
        provider.topologies.keys.filter { $0.instance == instance }.count
    }
}
