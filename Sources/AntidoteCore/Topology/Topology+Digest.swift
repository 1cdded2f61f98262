#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Topology {
    /// A fingerprint of everything that decides what is built. Revision and labels do not: they are about it.
    public func digest() throws -> Digest {
        var plain = self
        plain.revision = 0
        plain.labels = [:]
        return try AntidoteCore.digest(of: plain)
    }
}

extension Endpoint {
    /// A fingerprint of this endpoint alone: an endpoint whose digest changed is replaced.
    public func digest() throws -> Digest {
        var plain = self
        plain.labels = [:]
        var builder = DigestBuilder()
        builder.add(try AntidoteCore.digest(of: plain).description)
        // Secrets do not encode, and yet a changed one asks for a new endpoint.
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            guard case .secret(let secret) = value else { continue }
            builder.add(name)
            builder.add(secret.reveal())
        }
        return builder.finish()
    }
}

private func digest(of value: some Encodable) throws -> Digest {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var builder = DigestBuilder()
    builder.add(try encoder.encode(value))
    return builder.finish()
}
