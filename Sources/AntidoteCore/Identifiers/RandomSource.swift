import Synchronization

/// Where the core gets random numbers and identifiers from, so that a simulation can replay them from a seed.
public struct RandomSource: Sendable {
    /// The next number, any of them equally likely.
    public let next: @Sendable () -> UInt64

    /// Draws its numbers from `next`.
    public init(next: @escaping @Sendable () -> UInt64) { self.next = next }

    /// The same numbers for the same seed (SplitMix64). Not for secrets.
    public static func seeded(_ seed: UInt64) -> RandomSource {
        let state = SharedSeed(seed)
        return RandomSource { state.next() }
    }

    /// A number from 0 up to, not including, 1.
    package func unit() -> Double { Double(next() >> 11) * 0x1.0p-53 }

    /// `length` characters of a-z and 2-7, five random bits each.
    package func base32(length: Int) -> String {
        var characters: [UInt8] = []
        characters.reserveCapacity(length)
        while characters.count < length {
            var bits = next()
            for _ in 0..<min(12, length - characters.count) {
                characters.append(Alphabet.base32[Int(bits & 31)])
                bits >>= 5
            }
        }
        return String(decoding: characters, as: UTF8.self)
    }

    /// A new id for an environment, of 80 random bits.
    package func environmentID() -> EnvironmentID { EnvironmentID(unchecked: base32(length: 16)) }
    /// A new id for a session, of 80 random bits. It is a name and no secret.
    package func sessionID() -> OwnerID { OwnerID(unchecked: base32(length: 16)) }
    /// A new id for a store, of 80 random bits.
    @_spi(StoreKit) public func storeID() -> StoreID { StoreID(unchecked: base32(length: 16)) }
}

private final class SharedSeed: Sendable {
    private let generator: Mutex<SplitMix64>

    init(_ seed: UInt64) { generator = Mutex(SplitMix64(seed: seed)) }

    func next() -> UInt64 { generator.withLock { $0.next() } }
}
