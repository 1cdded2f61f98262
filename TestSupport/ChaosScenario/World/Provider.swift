/// Where labs come to be, looked at past the backend.
protocol Provider: Sendable {
    /// The lines of the configuration that name it.
    func settings(isInstant: Bool) -> String
    /// What a lesson's only machine is made of.
    var image: String { get }
    /// How long after a look the next one is taken.
    var pause: Duration { get }
    /// Whether it fails by itself now and then.
    var mayFail: Bool { get }
    /// Whether everything there comes and goes as a whole, so that each look counts for the capacity.
    func sample(at time: () -> Double) async -> ProviderSample?
    /// Copies what is there of somebody as something of somebody else. Returns what, or `nil` while there is nothing.
    func plant(instance: String?, store: String?) async throws -> ProviderEntry?
    /// Takes away what is left, with what was planted.
    func end() async
}

extension ProviderFolder: Provider {
    func settings(isInstant: Bool) -> String {
        """
        backend: fake
        fakeDirectory: \(path)
        fakeIsInstant: \(isInstant)
        """
    }

    var image: String { "machine" }
    var pause: Duration { .milliseconds(50) }
    var mayFail: Bool { false }

    /// It goes with the folder of the run.
    func end() async {}
}
