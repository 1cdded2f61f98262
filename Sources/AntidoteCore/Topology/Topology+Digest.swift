#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Topology {
    /// A fingerprint of everything that decides what is built. Revision and labels do not: they are about it.
    public func digest() throws -> ContentDigest {
        var plain = self
        plain.revision = 0
        plain.labels = [:]
        return try AntidoteCore.digest(of: DigestInput(topology: plain))
    }

    /// A topology as its digest covers it. The constant `placement` was a member of earlier releases' topologies:
    /// without it, the digest of every lab that runs during an upgrade would change.
    private struct DigestInput: Encodable {
        let topology: Topology

        private enum CodingKeys: CodingKey { case placement }

        func encode(to encoder: any Encoder) throws {
            try topology.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(["spread": false], forKey: .placement)
        }
    }
}

extension Endpoint {
    /// A fingerprint of this endpoint alone: an endpoint whose digest changed is replaced.
    ///
    /// It says which variables are secret and nothing of their values: a digest is written on labels, and from one of a
    /// weak password the password can be guessed, whatever the function. A backend compares ``secrets`` themselves with
    /// what the provider gave the machine.
    public func digest() throws -> ContentDigest {
        var plain = self
        plain.labels = [:]
        var builder = DigestBuilder()
        builder.add(try AntidoteCore.digest(of: plain).description)
        // A secret encodes as a text that anybody could have written.
        for name in secrets.keys.sorted() { builder.add(name) }
        return builder.finish()
    }

    /// The values of the variables that are secret, by name: an endpoint whose secrets changed is replaced, too.
    public var secrets: [String: Secret] {
        environment.compactMapValues { if case .secret(let secret) = $0 { secret } else { nil } }
    }
}

private func digest(of value: some Encodable) throws -> ContentDigest {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var builder = DigestBuilder()
    builder.add(try encoder.encode(value))
    return builder.finish()
}
