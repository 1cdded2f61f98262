#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Digest {
    /// A fingerprint of what `value` encodes to: equal for equal values in any process.
    ///
    /// For backends, whose own settings decide beside the topology what is built.
    public init(of value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var builder = DigestBuilder()
        builder.add(try encoder.encode(value))
        self = builder.finish()
    }
}
