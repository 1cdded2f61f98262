import Foundation
import HostPrograms
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One copy of a program under test, with wires of its own to the database and the bus.
package final class ServiceCopy: Sendable {
    package enum Role: String, Sendable, CaseIterable {
        case api = "antidote-api"
        case scheduler = "antidote-scheduler"
        case gc = "antidote-gc"
    }

    /// Of a program that cannot reach what it needs (`EX_UNAVAILABLE` of sysexits.h).
    private static let unavailable: Int32 = 69

    let role: Role
    let name: String
    /// Where the API of this copy listens.
    let httpPort: Int
    let toDatabase: Proxy
    let toBus: Proxy
    let log: String
    private let command: [String]
    private let state = Mutex(State())
    private let onUnexpectedEnd: @Sendable (String) -> Void

    private struct State {
        var child: ChildProgram?
        /// Ends when the program has ended and nobody wants it to run.
        var supervisor: Task<Void, any Error>?
        /// Whether it shall be running.
        var isWanted = false
        var startedAt: ContinuousClock.Instant?
    }

    /// - Parameter onUnexpectedEnd: Told of an end that nobody asked for.
    init(
        role: Role,
        name: String,
        world: WorldFolder,
        settings: WorldSettings,
        database: DatabaseServer,
        bus: BusServer,
        onUnexpectedEnd: @escaping @Sendable (String) -> Void
    ) throws {
        self.role = role
        self.name = name
        self.onUnexpectedEnd = onUnexpectedEnd
        httpPort = try Loopback.freePort()
        toDatabase = try Proxy(to: database.port)
        toBus = try Proxy(to: bus.port)
        log = world.file("\(name).log")
        let text = settings.text(
            databaseURL: "postgresql://postgres@127.0.0.1:\(toDatabase.port)/\(DatabaseServer.database)",
            busURL: "nats://127.0.0.1:\(toBus.port)",
            password: bus.password,
            httpPort: httpPort,
            // One worker that takes no time, and one that is often met in the middle of something.
            isInstant: !name.hasSuffix("2")
        )
        command = [world.program(role.rawValue), "--config", try world.write("\(name).yml", text)]
    }

    var isRunning: Bool { state.withLock { $0.child?.status == nil && $0.child != nil } }

    /// Starts it where it does not run, and again whenever it ends by itself.
    func start() throws {
        try state.withLock { state in
            state.isWanted = true
            guard state.child == nil else { return }
            let child = try ChildProgram(command, log: log)
            state.child = child
            state.startedAt = .now
            // It outlives every call: what keeps programs running is part of the world.
            state.supervisor = Task { try await supervise(child) }
        }
    }

    private func supervise(_ child: ChildProgram) async throws {
        let status = await child.end()
        let wasWanted = state.withLock { state in
            state.child = nil
            return state.isWanted
        }
        guard wasWanted else { return }
        // Without its database it does not begin, says so, and is started again by whoever keeps programs running.
        let age = state.withLock { $0.startedAt.map { ContinuousClock.now - $0 } } ?? .zero
        if status != Self.unavailable || age > .seconds(20) {
            onUnexpectedEnd("\(name) ended by itself with status \(status)")
        }
        try await ContinuousClock().sleep(for: .milliseconds(500))
        if state.withLock({ $0.isWanted }) { try start() }
    }

    /// Ends it with `signal`; returns when it has ended, with its status.
    @discardableResult
    func stop(_ signal: Int32) async throws -> Int32? {
        let (child, supervisor) = state.withLock { state in
            state.isWanted = false
            return (state.child, state.supervisor)
        }
        child?.send(signal)
        try await supervisor?.value
        return child?.status
    }

    /// Asks it to leave, and waits for that. Returns what is wrong with how it went.
    func leave() async throws -> String? {
        let age = state.withLock { $0.startedAt.map { ContinuousClock.now - $0 } } ?? .zero
        let status = try await stop(SIGTERM)
        // Before it has begun anything a signal ends it as it ends every program.
        if status == 0 || status == nil || (status == 128 + SIGTERM && age < .seconds(8)) { return nil }
        return "\(name) left with status \(status ?? -1) after SIGTERM, \(age) after its start"
    }

    func send(_ signal: Int32) { state.withLock { $0.child }?.send(signal) }
}
