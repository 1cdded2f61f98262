import AntidoteCore
import Foundation
import Testing

@testable import DockerBackend

@Suite("Credential helpers", .timeLimit(.minutes(1)))
struct CredentialHelperTests {
    /// A helper that is `script`, in which `$held` and `$up` are named pipes of `folder`.
    private func helper(
        _ script: String,
        in folder: URL,
        deadline: Duration = .seconds(50)
    ) async throws -> CredentialHelper {
        let program = folder.appendingPathComponent("helper").path
        let pipes = ["held", "up"].map { folder.appendingPathComponent($0).path }
        let text = "#!/bin/sh\nheld='\(pipes[0])' up='\(pipes[1])'\n\(script)\n"
        // Written by a process of its own: a descriptor of ours, open for writing, could get into a child that some
        // other test starts at the same moment, and the script would be “busy”.
        let command = #"printf %s "$1" >"$2" && chmod 755 "$2" && mkfifo "$3" "$4""#
        try await HostProgram.output(["sh", "-c", command, "sh", text, program] + pipes)
        return CredentialHelper(time: .system, deadline: deadline, program: program)
    }

    private func path(_ name: String, in folder: URL) -> String { folder.appendingPathComponent(name).path }

    private let answer = #"echo "{\"ServerURL\":\"$server\",\"Username\":\"$server\",\"Secret\":\"s\"}""#

    @Test("it is asked on its standard input")
    func asks() async throws {
        try await withTemporaryFolder { folder in
            let good = try await helper("server=$(cat); \(answer)", in: folder)
            #expect(try await good.get("x", server: "r.example")?.username == "r.example")
        }
    }

    @Test("one that knows nothing is no error")
    func knowsNothing() async throws {
        try await withTemporaryFolder { folder in
            let none = try await helper("echo 'credentials not found in native keychain'; exit 1", in: folder)
            #expect(try await none.get("x", server: "r.example") == nil)
        }
    }

    @Test(
        "one that ends badly, says too much or does not exist is named",
        arguments: [
            ("exit 3", "exited(3)"), ("kill -9 $$", "signaled(9)"), ("exec cat /dev/zero", "more than 65536 bytes"),
            ("echo hello", "not what such a helper says"),
        ]
    )
    func failures(script: String, words: String) async throws {
        try await withTemporaryFolder { folder in
            let bad = try await helper(script, in: folder)
            let error = await #expect(throws: AntidoteError.self) { try await bad.get("x", server: "r.example") }
            #expect(error?.code == .registryDenied)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
    }

    @Test func missing() async throws {
        let error = await #expect(throws: AntidoteError.self) {
            try await CredentialHelper(time: .system).get("antidote-nobody", server: "r.example")
        }
        #expect(error?.message.contains("docker-credential-antidote-nobody failed: there is no such program") == true)
    }

    @Test("an answer does not wait for what the helper left running with its output open")
    func leftBehind() async throws {
        try await withTemporaryFolder { folder in
            let good = try await helper("read server; { read line <$held; } & \(answer)", in: folder)
            #expect(try await good.get("x", server: "r.example")?.username == "r.example")
            // Only now can what it left end.
            try await HostProgram.output(["sh", "-c", "echo >\(path("held", in: folder))"])
        }
    }

    @Test("at the deadline it is killed with its children")
    func deadline() async throws {
        try await withTemporaryFolder { folder in
            let hung = try await helper("exec 3>$held; sleep 300 & sleep 300", in: folder, deadline: .seconds(1))
            // Ends when nobody holds the pipe any more.
            async let held = HostProgram.output(["cat", path("held", in: folder)])
            let error = await #expect(throws: AntidoteError.self) { try await hung.get("x", server: "r.example") }
            #expect(error?.code == .registryDenied)
            #expect(error?.message.contains("did not answer within") == true)
            #expect(try await held == "")
        }
    }

    @Test("the deadline does not wait for a child that left the helper's group with its output open")
    func escaped() async throws {
        try await withTemporaryFolder { folder in
            let child = #"perl -e 'setpgrp(0, 0); open(F, "<", $ARGV[0]); <F>' "$held" & sleep 300"#
            let hung = try await helper(child, in: folder, deadline: .seconds(1))
            await #expect(throws: AntidoteError.self) { try await hung.get("x", server: "r.example") }
            try await HostProgram.output(["sh", "-c", "echo >\(path("held", in: folder))"])
        }
    }

    @Test("cancelled, it is killed with its children")
    func cancelled() async throws {
        try await withTemporaryFolder { folder in
            let hung = try await helper("exec 3>$held; echo up >$up; sleep 300 & sleep 300", in: folder)
            async let held = HostProgram.output(["cat", path("held", in: folder)])
            // Unstructured, to be cancelled from here.
            let asking = Task { try await hung.get("x", server: "r.example") }
            try await HostProgram.output(["cat", path("up", in: folder)])
            asking.cancel()
            await #expect(throws: CancellationError.self) { try await asking.value }
            #expect(try await held == "")
        }
    }
}
