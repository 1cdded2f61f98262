@_spi(StoreKit) import AntidoteCore
import Foundation
import Testing

@testable import DockerBackend

@Suite("Streams, tails and archives")
struct StreamTests {
    @Test("frames are put together however they were cut", arguments: [1, 3, 8, 11, 100])
    func frames(_ size: Int) {
        let stream: [UInt8] =
            [1, 0, 0, 0, 0, 0, 0, 5] + Array("hello".utf8) + [2, 0, 0, 0, 0, 0, 0, 0] + [2, 0, 0, 0, 0, 0, 0, 3]
            + Array("bad".utf8) + [1, 0, 0, 0, 0, 0, 0, 1] + Array("!".utf8)
        var frames = StreamFrames()
        var texts: [StreamFrames.Channel: String] = [:]
        for start in stride(from: 0, to: stream.count, by: size) {
            for piece in frames.take(Array(stream[start..<min(start + size, stream.count)])) {
                texts[piece.channel, default: ""] += String(decoding: piece.bytes, as: UTF8.self)
            }
        }
        #expect(texts == [.standardOutput: "hello!", .standardError: "bad"])
    }

    @Test("a tail keeps the end, cleaned, whole characters only")
    func tail() {
        var tail = OutputTail(limit: 10)
        for _ in 0..<1000 { tail.append(Array("0123456789".utf8)) }
        tail.append(Array("äöü".utf8))
        #expect(tail.text(without: []) == "6789äöü")
        var odd = OutputTail(limit: 5)
        odd.append(Array("äöü".utf8))
        #expect(odd.text(without: []).hasSuffix("öü"))
    }

    @Test(
        "control sequences and secrets go",
        arguments: [
            ("\u{1B}[1;31mred\u{1B}[0m\n", "red\n"), ("\u{1B}]0;title\u{07}text", "text"),
            ("\u{1B}]8;;http://x\u{1B}\\link", "link"), ("a\u{08}b\u{00}c\td", "abc\td"), ("\u{1B}(Bx", "x"),
            ("token=hunter22!", "token=<redacted>!"),
            // Next to a character that combines, in another's escape sequence, and beside control characters.
            ("hunter22\u{301}", "<redacted>\u{301}"), ("hun\u{1B}[1mter22", "<redacted>"),
            ("\u{9B}31mhun\u{85}ter22", "31m<redacted>"),
            // A secret of several lines, of which one was printed, or all.
            ("second-line", "<redacted>"), ("first-line\nsecond-line\n", "<redacted>\n<redacted>\n"), ("no", "no"),
        ]
    )
    func clean(_ dirty: String, _ clean: String) {
        let secrets = ["hunter22\n", "a", "", "first-line\r\nsecond-line\nno"].map { Secret($0) }
        #expect(CleanText.make(from: Array(dirty.utf8), without: secrets) == clean)
    }

    @Test("a secret whose beginning was cut off is not shown either", arguments: 0..<24)
    func cut(_ offset: Int) {
        var tail = OutputTail(limit: 100)
        let secret = "sesame-open-sesame"
        tail.append(Array(String(repeating: "-", count: offset).utf8))
        for _ in 0..<20 { tail.append(Array("\(secret), ".utf8)) }
        let text = tail.text(without: [Secret(secret)])
        #expect(text.contains("<redacted>"))
        #expect(!text.contains("same"), "\(text)")
    }

    @Test("numbers that no engine says are borne")
    func extremes() throws {
        var progress = PullProgress()
        for id in ["a", "b"] {
            var message = PullMessage(id: id, status: "Downloading")
            message.detail = .init(current: .max, total: .max)
            let hasMoved = progress.take(message)
            #expect(hasMoved)
        }
        #expect(progress.done == .max && progress.total == .max)
        let containers = [Int64.max, .min].map { created in
            ContainerSummary(
                id: "c\(created)",
                labels: TopologyID(
                    instance: InstanceID(unchecked: "test"),
                    store: RandomSource.system.storeID(),
                    environment: RandomSource.system.environmentID(),
                    incarnation: 1
                ).labels,
                state: .running,
                created: created
            )
        }
        let entries = InventoryReader(now: .zero).entries(containers: containers, networks: [])
        #expect(entries.count == 2 && entries.allSatisfy { $0.age >= .zero })
        #expect(EngineTime("999999999-01-01T00:00:00.1Z") == nil)
    }

    @Test("tar itself reads the archive: contents, modes and long names")
    func archive() throws {
        let long = (0..<20).map { "directory-\($0)" }.joined(separator: "/") + "/file.txt"
        let files = try FileSet([
            .init(path: "run.sh", mode: 0o755, contents: Array("#!/bin/sh\n".utf8)),
            .init(path: long, mode: 0o600, contents: Array(repeating: 7, count: 1000)),
            .init(path: "empty", contents: []),
        ])
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let archive = directory.appendingPathComponent("archive.tar")
        try Data(LabArchive.make(of: files, in: "/opt/antidote")).write(to: archive)
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = ["tar", "-xpf", archive.path, "-C", directory.path]
        try tar.run()
        tar.waitUntilExit()
        #expect(tar.terminationStatus == 0)
        let root = directory.appendingPathComponent("opt/antidote")
        for file in files.entries {
            let path = root.appendingPathComponent(file.path).path
            #expect(FileManager.default.contents(atPath: path).map { Array($0) } == file.contents)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == Int(file.mode))
        }
    }

    @Test("times as the engine writes them")
    func times() {
        #expect(EngineTime("1970-01-01T00:00:01.5Z")?.timestamp == Timestamp(microseconds: 1_500_000))
        #expect(EngineTime("1970-01-01T00:00:01.123456789Z")?.timestamp == Timestamp(microseconds: 1_123_456))
        #expect(EngineTime("1970-01-01T00:00:02Z")?.timestamp == Timestamp(microseconds: 2_000_000))
        #expect(EngineTime("yesterday") == nil)
    }
}
