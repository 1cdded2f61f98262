import AntidoteCore
import AntidoteTesting
import Foundation
import Testing

/// The host that the engine runs on, which is this one.
struct LinuxHost: OutsideWorld {
    func hostAddresses() async throws -> [String] {
        let addresses = DockerBackendTests.hostAddresses()
        return (addresses.four + addresses.six).filter { !$0.hasPrefix("fe80") }
    }

    func withHostService(_ body: @Sendable (any HostServiceRecord) async throws -> Void) async throws {
        try await body(HostRecord(service: try HostService()))
    }

    func exchange(_ request: String, with address: HostAddress) async throws -> String {
        try await talk(request, to: "TCP:\(address)", waiting: 5)
    }

    func exchangeDatagram(_ text: String, with address: HostAddress) async throws -> String {
        try await talk(text, to: "UDP:\(address)", waiting: 2)
    }

    private func talk(_ text: String, to target: String, waiting seconds: Int) async throws -> String {
        try await HostProgram.output(
            ["sh", "-c", "printf %s \"$TEXT\" | socat -t \(seconds) - \"$TARGET\"; echo"],
            environment: ["TEXT": text, "TARGET": target]
        )
    }
}

private struct HostRecord: HostServiceRecord {
    let service: HostService

    var port: Int { service.port }

    func arrivals() -> Int {
        service.drain()
        return service.arrivals.connections + service.arrivals.datagrams
    }
}
