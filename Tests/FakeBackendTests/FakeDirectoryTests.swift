@_spi(StoreKit) import AntidoteCore
import FakeBackend
import Foundation
import Testing

@Suite("A fake provider in a folder", .timeLimit(.minutes(1)))
struct FakeDirectoryTests {
    private let instance = InstanceID(unchecked: "shared")
    private let store = RandomSource.system.storeID()

    private func topology(_ incarnation: Int = 1, memory: Int64? = nil) -> Topology {
        Topology(
            id: TopologyID(
                instance: instance,
                store: store,
                environment: EnvironmentID(unchecked: "aaaabbbbccccdddd"),
                incarnation: incarnation
            ),
            revision: 0,
            endpoints: [
                Endpoint(name: "web", image: ImageReference("web"), limits: ResourceLimits(memoryBytes: memory))
            ]
        )
    }

    /// As two processes have it: each a provider of its own on one folder.
    private func withTwo(
        capacity: Int? = nil,
        _ body: (FakeBackend, FakeBackend) async throws -> Void
    ) async throws {
        let folder = NSTemporaryDirectory() + "fake-" + RandomSource.system.base32(length: 12)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func backend() throws -> FakeBackend {
            FakeBackend(
                instance: instance,
                provider: try FakeProvider(directory: folder, time: .system),
                script: FakeScript(capacity: capacity),
                time: .system
            )
        }
        try await body(try backend(), try backend())
    }

    @Test func whatOneMadeIsAdoptedByTheOther() async throws {
        try await withTwo { first, second in
            let made = try await first.converge(topology(), under: .unlimited, progress: .none)
            let adopted = try await second.converge(topology(), under: .unlimited, progress: .none)
            #expect(made.endpoints.map(\.identity) == adopted.endpoints.map(\.identity))
            #expect(try await second.inventory().map(\.state) == [.running])
        }
    }

    @Test func whatWasMadeOtherwiseIsReplaced() async throws {
        try await withTwo { first, second in
            let made = try await first.converge(topology(), under: .unlimited, progress: .none)
            let other = try await second.converge(
                topology(memory: 1 << 28),
                under: .unlimited,
                progress: .none
            )
            #expect(made.endpoints.map(\.identity) != other.endpoints.map(\.identity))
        }
    }

    @Test func whatOneMadeTheOtherRemoves() async throws {
        try await withTwo { first, second in
            _ = try await first.converge(topology(1), under: .unlimited, progress: .none)
            _ = try await first.converge(topology(3), under: .unlimited, progress: .none)
            try await second.destroy(topology(2).id, under: .unlimited)
            #expect(try await first.inventory().map(\.id.incarnation) == [3])
            // Made anew it is another machine, whoever counts.
            let again = try await second.converge(topology(1), under: .unlimited, progress: .none)
            let third = try await first.converge(topology(3), under: .unlimited, progress: .none)
            #expect(again.endpoints.map(\.identity) != third.endpoints.map(\.identity))
        }
    }

    @Test func aJobRunsOnceForBoth() async throws {
        try await withTwo { first, second in
            _ = try await first.converge(topology(), under: .unlimited, progress: .none)
            let job = Job(id: JobID(unchecked: "once"), image: ImageReference("tools"), command: ["true"])
            _ = try await first.run(job, in: topology().id, under: .unlimited, progress: .none)
            _ = try await second.run(job, in: topology().id, under: .unlimited, progress: .none)
            #expect(second.provider.topologies[topology().id]?.runs[job.id] == 1)
        }
    }

    @Test func thereIsRoomForAllTogether() async throws {
        try await withTwo(capacity: 1) { first, second in
            _ = try await first.converge(topology(), under: .unlimited, progress: .none)
            var other = topology()
            other.id.environment = EnvironmentID(unchecked: "aaaabbbbcccceeee")
            let next = other
            let error = await #expect(throws: AntidoteError.self) {
                try await second.converge(next, under: .unlimited, progress: .none)
            }
            #expect(error?.code == .capacityExhausted)
        }
    }

    @Test func aFolderThatCannotBeMadeIsNamed() async throws {
        let error = #expect(throws: AntidoteError.self) { try FakeProvider(directory: "/dev/null/x", time: .system) }
        #expect(error?.code == .configurationInvalid && error?.subject == "/dev/null/x")
    }
}
