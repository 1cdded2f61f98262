import AntidoteCore
import Foundation
import Testing

@testable import DockerBackend

/// An engine of one test's own, that may be killed and whose disk may be filled: it has a small disk of memory, and a
/// network namespace of its own, since a second engine would clear away the first one's rules.
///
/// Linux and root only, as `Scripts/engine` is.
struct OwnEngine: Sendable {
    /// Its disk, with everything of it.
    let folder: String
    /// Of the process that holds the network namespace.
    private let holder: String

    var socket: String { folder + "/docker.sock" }

    /// Runs `body` with one that has the tests' image. Whatever happens to this process, it is taken away.
    static func with<Result>(
        megabytes: Int = 192,
        _ body: (OwnEngine) async throws -> Result
    ) async throws -> Result {
        let folder = "/tmp/antidote-own-\(UUID().uuidString.prefix(8))"
        let environment = [
            "FOLDER": folder, "ENGINE": engineScript, "ANTIDOTE_ENGINE_DIR": folder, "SIZE": "\(megabytes)m",
            "PARENT": "\(ProcessInfo.processInfo.processIdentifier)",
        ]
        // The holder outlives this process only to clean up after it.
        let script = """
            set -e
            mkdir -p "$FOLDER"
            mount -t tmpfs -o "size=$SIZE,mode=700" antidote-tests "$FOLDER"
            ip link set lo up
            "$ENGINE" start
            echo "holder $$"
            tail --pid="$PARENT" -f /dev/null
            \(removal)
            """
        func remove() async throws {
            try await HostProgram.output(["sh", "-c", removal], environment: environment)
        }
        do {
            let result = try await HostProgram.with(
                ["unshare", "--net", "sh", "-c", script],
                environment: environment,
                until: "holder "
            ) { line in
                let engine = OwnEngine(folder: folder, holder: String(line.dropFirst("holder ".count)))
                try await engine.load(Bench.image.reference)
                return try await body(engine)
            }
            try await remove()
            return result
        } catch {
            try await remove()
            throw error
        }
    }

    /// Without a namespace: what is left of it went with the processes.
    private static let removal = """
        "$ENGINE" stop; umount --lazy "$FOLDER"; rmdir "$FOLDER"
        """

    private static let engineScript = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Scripts/engine").path

    /// As after a loss of power, as far as an engine can tell: it has no time to write anything.
    func kill() throws {
        let text = try String(contentsOfFile: folder + "/dockerd.pid", encoding: .utf8)
        let pid = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        try #require(Foundation.kill(pid, SIGKILL) == 0)
    }

    /// As an administrator does: it ends its containers, and then itself.
    func stop() async throws { try await tell("stop") }

    /// Also after ``kill()``.
    func start() async throws { try await tell("start") }

    /// Leaves no room on its disk.
    func fillDisk() async throws {
        // That it ends with an error is what is wanted.
        _ = try? await HostProgram.output(["dd", "if=/dev/zero", "of=\(folder)/filling", "bs=64k"])
    }

    func freeDisk() throws { try FileManager.default.removeItem(atPath: folder + "/filling") }

    private func tell(_ verb: String) async throws {
        try await HostProgram.output(
            ["nsenter", "--net=/proc/\(holder)/ns/net", Self.engineScript, verb],
            environment: ["ANTIDOTE_ENGINE_DIR": folder]
        )
    }

    private func load(_ image: String) async throws {
        try await HostProgram.output(
            ["sh", "-c", "docker --host \"$FROM\" save \"$IMAGE\" | docker --host \"$TO\" load"],
            environment: ["FROM": try TestEngine.address().description, "TO": "unix://\(socket)", "IMAGE": image]
        )
    }
}
