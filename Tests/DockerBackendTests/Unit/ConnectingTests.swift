import AntidoteCore
import Foundation
import Testing

@testable import DockerBackend

@Suite("Finding the engine, its images and its limits")
struct ConnectingTests {
    private func find(_ environment: [String: String], existing: Set<String> = []) throws -> String {
        try EngineDiscovery(environment: environment) { existing.contains($0) }.address().description
    }

    @Test func hosts() throws {
        let home = ["HOME": "/nonexistent"]
        func host(_ text: String) throws -> String { try find(home.merging(["DOCKER_HOST": text]) { $1 }) }
        #expect(try host("unix:///tmp/x.sock") == "unix:///tmp/x.sock")
        #expect(try host("tcp://engine:1234") == "tcp://engine:1234")
        #expect(try host("tcp://engine") == "tcp://engine:2375")
        #expect(try host("tcp://[::1]:99/") == "tcp://::1:99")
        #expect(try host("https://engine") == "tcp://engine:2376 (TLS)")
        for bad in ["ssh://me@there", "unix://relative", "tcp://", "tcp://x:0", "nonsense"] {
            #expect(throws: AntidoteError.self) { try host(bad) }
        }
        #expect(try find(home, existing: ["/var/run/docker.sock"]) == "unix:///var/run/docker.sock")
        let desktop = "/nonexistent/.docker/run/docker.sock"
        #expect(try find(home, existing: [desktop]) == "unix://" + desktop)
    }

    @Test("contexts are found by their name, with their certificates")
    func contexts() throws {
        let home = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: home) }
        func write(_ path: String, _ text: String) throws {
            let file = home.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        try write(".docker/config.json", #"{"currentContext":"remote","auths":{"r.example":{"auth":"bWU6cGE6c3M="}}}"#)
        try write(
            ".docker/contexts/meta/abc/meta.json",
            #"{"Name":"remote","Metadata":{},"Endpoints":{"docker":{"Host":"tcp://far:2376","SkipTLSVerify":false}}}"#
        )
        let environment = ["HOME": home.path]
        #expect(try find(environment) == "tcp://far:2376")
        try write(".docker/contexts/tls/abc/docker/ca.pem", "x")
        #expect(try find(environment) == "tcp://far:2376 (TLS)")
        #expect(try find(environment.merging(["DOCKER_CONTEXT": "default"]) { $1 }) == "unix:///var/run/docker.sock")
        #expect(throws: AntidoteError.self) { try find(environment.merging(["DOCKER_CONTEXT": "none"]) { $1 }) }

        func named(_ more: [String: String]) throws -> String? {
            try EngineDiscovery(environment: environment.merging(more) { $1 }).namedAddress()?.description
        }
        #expect(try named([:]) == "tcp://far:2376 (TLS)")
        #expect(try named(["DOCKER_CONTEXT": "default"]) == nil)
        #expect(try named(["DOCKER_CONTEXT": "default", "DOCKER_HOST": "unix:///x"]) == "unix:///x")
        #expect(try named(["DOCKER_CONFIG": "/nonexistent"]) == nil)

        let file = try #require(try DockerConfigFile.read(from: home.path + "/.docker"))
        let credential = try #require(file.credential(for: "r.example"))
        #expect(credential.username == "me")
        #expect(credential.password.reveal() == "pa:ss")
        #expect(file.credential(for: "other") == nil)
    }

    @Test func imageNames() {
        #expect(ImageName("busybox").pullReference == "busybox:latest")
        #expect(ImageName("busybox").registry == "docker.io")
        #expect(ImageName("localhost:5000/a/b").pullReference == "localhost:5000/a/b:latest")
        #expect(ImageName("localhost:5000/a/b").registry == "localhost:5000")
        #expect(ImageName("r.example/a:1").pullReference == "r.example/a:1")
        #expect(ImageName("a/b@sha256:0").pullReference == "a/b@sha256:0")
        #expect(ImageName("a/b@sha256:0").registry == "docker.io")
    }

    @Test("bytes are summed over the layers, and only what moves counts as progress")
    func pulls() {
        var progress = PullProgress()
        func take(_ id: String, _ status: String, _ current: Int64? = nil, _ total: Int64? = nil) -> Bool {
            progress.take(
                PullMessage(id: id, status: status, detail: .init(current: current, total: total), error: nil)
            )
        }
        let first = take("a", "Downloading", 10, 100)
        let same = take("a", "Downloading", 10, 100)
        let other = take("b", "Downloading", 5, 50)
        let retry = take("b", "Retrying in 5 seconds")
        let complete = take("a", "Download complete")
        #expect([first, same, other, retry, complete] == [true, false, true, false, true])
        #expect(progress.done == 105)
        #expect(progress.total == 150)
    }

    @Test func pullErrors() {
        let credential = RegistryCredential(username: "me", password: Secret("pass"))
        func code(_ message: String, credentials: Bool = false) -> AntidoteError.Code {
            AntidoteError.pullFailed("x", says: message, credential: credentials ? credential : nil).code
        }
        #expect(code("manifest for x:latest not found: manifest unknown") == .imageMissing)
        #expect(code("unauthorized: authentication required") == .registryDenied)
        #expect(code("pull access denied for x, repository does not exist") == .imageMissing)
        #expect(code("pull access denied for x", credentials: true) == .registryDenied)
        #expect(code("write /var: no space left on device") == .storageFull)
        #expect(code("dial tcp: lookup r: no such host") == .imagePullFailed)
    }

    @Test func versions() throws {
        func choose(_ newest: String, _ oldest: String?) throws -> String {
            try EngineVersion.choose(from: EngineVersions(newest: newest, oldest: oldest, engine: nil)).path
        }
        #expect(try choose("1.41", "1.12") == "v1.41")
        #expect(try choose("1.52", "1.44") == "v1.44")
        #expect(throws: AntidoteError.self) { try choose("1.40", nil) }
        #expect(throws: AntidoteError.self) { try choose("latest", nil) }
    }

    @Test("subnets are free, of the right size, and nothing is offered when all are used")
    func subnets() throws {
        let pool = SubnetPool(try #require(IPv4Subnet("10.0.0.0/26")))
        let used = [try #require(IPv4Subnet("10.0.0.16/28"))]
        let found = pool.candidates(prefixLength: 28, avoiding: used, seed: 9, limit: 9)
        #expect(Set(found.map(\.description)) == ["10.0.0.0/28", "10.0.0.32/28", "10.0.0.48/28"])
        #expect(pool.candidates(prefixLength: 25, avoiding: [], seed: 0, limit: 1).isEmpty)
        #expect(SubnetPool.prefixLength(forHosts: 1) == 29)
        #expect(SubnetPool.prefixLength(forHosts: 13) == 28)
        #expect(SubnetPool.prefixLength(forHosts: 14) == 27)
    }
}
