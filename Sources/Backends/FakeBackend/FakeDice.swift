import AntidoteCore

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
