import AntidoteCore
import HTTPTransport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A context of the Docker command line: a name for an engine, with its address and certificates.
struct DockerContext: Sendable {
    var host: String
    var settings: TLSSettings?

    private struct Description: Decodable {
        var name: String
        var endpoints: [String: Endpoint]

        struct Endpoint: Decodable {
            var host: String?
            var skipsVerification: Bool?

            enum CodingKeys: String, CodingKey {
                case host = "Host"
                case skipsVerification = "SkipTLSVerify"
            }
        }

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case endpoints = "Endpoints"
        }
    }

    /// The context called `name` below a configuration directory.
    ///
    /// Its folder's name is a hash of the context's: the folders are few, so each is asked for its name instead.
    static func find(_ name: String, in directory: String) throws -> DockerContext {
        let root = directory + "/contexts/meta"
        for folder in (try? FileManager.default.contentsOfDirectory(atPath: root))?.sorted() ?? [] {
            guard let bytes = SmallFile.read("\(root)/\(folder)/meta.json"),
                let found = try? JSONDecoder().decode(Description.self, from: Data(bytes)), found.name == name,
                let endpoint = found.endpoints["docker"], let host = endpoint.host
            else { continue }
            let certificates = "\(directory)/contexts/tls/\(folder)/docker"
            var settings = TLSFiles.read(from: certificates)
            if endpoint.skipsVerification == true {
                settings = settings ?? TLSSettings()
                settings?.verifiesServer = false
            }
            return DockerContext(host: host, settings: settings)
        }
        throw AntidoteError(
            .configurationInvalid,
            "the Docker context “\(name.prefix(80))” does not exist in \(directory)",
            recovery: "“docker context ls” shows those that do; DOCKER_HOST overrides them."
        )
    }
}

/// The three files in which Docker keeps certificates.
enum TLSFiles {
    /// `nil` if none of them is there.
    static func read(from directory: String, verifiesServer: Bool = true) -> TLSSettings? {
        let authorities = SmallFile.read(directory + "/ca.pem")
        let certificate = SmallFile.read(directory + "/cert.pem")
        let key = SmallFile.read(directory + "/key.pem")
        if authorities == nil, certificate == nil, key == nil { return nil }
        return TLSSettings(
            authorities: authorities,
            clientCertificate: certificate,
            clientKey: key,
            verifiesServer: verifiesServer
        )
    }
}
