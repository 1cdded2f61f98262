import AntidoteCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The Docker command line's `config.json`: which context is current, and the credentials of registries.
struct DockerConfigFile: Decodable, Sendable {
    var currentContext: String?
    var store: String?
    var helpers: [String: String]?
    var entries: [String: Entry]?

    struct Entry: Decodable, Sendable {
        /// `user:password` in base64.
        var authorization: String?
        var identityToken: String?

        enum CodingKeys: String, CodingKey {
            case authorization = "auth"
            case identityToken = "identitytoken"
        }
    }

    enum CodingKeys: String, CodingKey {
        case currentContext
        case store = "credsStore"
        case helpers = "credHelpers"
        case entries = "auths"
    }

    /// Where it is, for a process with this environment.
    static func directory(_ environment: [String: String]) -> String {
        if let named = environment["DOCKER_CONFIG"], !named.isEmpty { return named }
        return (environment["HOME"] ?? "/root") + "/.docker"
    }

    /// `nil` if there is none.
    static func read(from directory: String) throws -> DockerConfigFile? {
        let path = directory + "/config.json"
        guard let bytes = SmallFile.read(path) else { return nil }
        do {
            return try JSONDecoder().decode(DockerConfigFile.self, from: Data(bytes))
        } catch {
            throw AntidoteError(
                .configurationInvalid,
                "the Docker configuration file \(path) cannot be read",
                recovery: "Mend or remove it.",
                subject: path
            )
        }
    }

    /// What the file itself holds for `key`.
    func credential(for key: String) -> RegistryCredential? {
        guard let entry = entries?[key] else { return nil }
        if let token = entry.identityToken, !token.isEmpty {
            return RegistryCredential(username: "", password: Secret(""), identityToken: Secret(token))
        }
        guard let encoded = entry.authorization, let data = Data(base64Encoded: encoded) else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return RegistryCredential(username: String(parts[0]), password: Secret(String(parts[1])))
    }
}

/// Reads files that are small if they are what they should be.
enum SmallFile {
    static let limit: UInt64 = 1 << 20

    /// `nil` if there is none, if it is no plain file, or if it is too large.
    static func read(_ path: String) -> [UInt8]? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: resolved(path))
        guard let attributes, attributes[.type] as? FileAttributeType == .typeRegular,
            (attributes[.size] as? UInt64) ?? UInt64(attributes[.size] as? Int ?? 0) <= limit
        else { return nil }
        return FileManager.default.contents(atPath: path).map { Array($0) }
    }

    private static func resolved(_ path: String) -> String {
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { return path }
        return target.hasPrefix("/")
            ? target : path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/" + target
    }
}
