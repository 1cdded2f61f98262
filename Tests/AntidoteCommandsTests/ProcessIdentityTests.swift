import AntidoteRuntime
import Foundation
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

@Suite("The identity of a run")
struct ProcessIdentityTests {
    @Test func thisProcessIsAlive() {
        let current = ProcessIdentity.current
        #expect(current.pid == getpid())
        #expect(current.start != "unknown")
        #expect(!current.hasEnded)
    }

    @Test func isReadBackFromItsDescription() throws {
        let current = ProcessIdentity.current
        #expect(current.description.hasPrefix("run/"))
        #expect(ProcessIdentity(current.description) == current)
    }

    @Test(arguments: [
        "", "run", "run/host/1", "run/host/1/2/3", "service/host/1/2", "run/host/x/2", "run/host/0/2", "run/host/-1/2",
        "run/host/99999999999/2",
    ])
    func nothingElseIsAnIdentity(text: String) {
        #expect(ProcessIdentity(text) == nil)
    }

    @Test func anotherStartUnderTheSameNumberIsAnotherRun() {
        var identity = ProcessIdentity.current
        identity.start += "0"
        #expect(identity.hasEnded)
    }

    @Test func anUnknownStartIsNotTakenForAnEnd() {
        var identity = ProcessIdentity.current
        identity.start = "unknown"
        #expect(!identity.hasEnded)
    }

    @Test func whatRunsElsewhereIsNeverKnownToHaveEnded() throws {
        let child = try Sleeper()
        child.end()
        child.reap()
        var identity = identity(of: child)
        #expect(identity.hasEnded)
        identity.host = "another-\(identity.host)"
        #expect(!identity.hasEnded)
    }

    @Test func aChildIsKnownAliveAsAZombieAndGone() throws {
        let child = try Sleeper()
        #expect(!identity(of: child).hasEnded)
        child.end()
        #expect(identity(of: child).hasEnded)
        child.reap()
        #expect(identity(of: child).hasEnded)
    }

    private func identity(of child: Sleeper) -> ProcessIdentity {
        ProcessIdentity(host: ProcessIdentity.current.host, pid: child.pid, start: "unknown")
    }
}

/// A child that does nothing.
private final class Sleeper {
    let pid: pid_t
    private var isReaped = false

    init() throws {
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("600"), nil]
        let variables: [UnsafeMutablePointer<CChar>?] = [nil]
        defer { for text in arguments { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, "sleep", nil, nil, arguments, variables)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        self.pid = pid
    }

    deinit {
        end()
        reap()
    }

    /// Returns when it is over, and nobody has asked how.
    func end() {
        guard !isReaped else { return }
        kill(pid, SIGKILL)
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    }

    func reap() {
        guard !isReaped else { return }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        isReaped = true
    }
}
