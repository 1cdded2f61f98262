import Foundation
import Testing

@testable import AntidoteCore

@Suite("Small values")
struct ValueTests {
    @Test(arguments: ["", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.", "1.2.3.+4", " 1.2.3.4", "1.2.3.٤"])
    func whatIsNoAddressIsRefused(text: String) { #expect(IPv4Address(text) == nil) }

    @Test(arguments: ["0.0.0.0", "255.255.255.255", "10.0.200.1"])
    func addressesComeBackAsTheyWere(text: String) { #expect(IPv4Address(text)?.description == text) }

    @Test(arguments: ["10.0.0.1/24", "10.0.0.0/33", "10.0.0.0", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "/8", "a/b"])
    func whatIsNoSubnetIsRefused(text: String) { #expect(IPv4Subnet(text) == nil) }

    @Test func subnetsKnowTheirHosts() throws {
        let subnet = try #require(IPv4Subnet("10.1.0.0/30"))
        #expect(subnet.hostCount == 2 && subnet.last.description == "10.1.0.3")
        #expect(subnet.host(0) == nil && subnet.host(2)?.description == "10.1.0.2" && subnet.host(3) == nil)
        #expect(IPv4Subnet("0.0.0.0/0")?.hostCount == 4_294_967_294)
        #expect(IPv4Subnet("10.0.0.0/31")?.hostCount == 0)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.1.0.0/16", true), ("10.1.0.0/16", "10.0.0.0/8", true),
        ("10.0.0.0/24", "10.0.1.0/24", false), ("0.0.0.0/0", "1.2.3.4/32", true),
    ])
    func subnetsKnowWhatTheyShare(one: String, other: String, overlap: Bool) throws {
        #expect(try #require(IPv4Subnet(one)).overlaps(try #require(IPv4Subnet(other))) == overlap)
    }

    @Test(arguments: ["", "/a", "a//b", "a/", "./a", "a/../b", "..", "a/\0", String(repeating: "x", count: 256)])
    func unsafePathsAreRefused(path: String) {
        let error = #expect(throws: AntidoteError.self) { try FileSet([FileSet.File(path: path, contents: [])]) }
        #expect(error?.code == .invalidTopology)
    }

    @Test(arguments: [["a", "a"], ["a", "a/b"], ["x/y/z", "x/y"]])
    func filesThatCannotStandBesideEachOtherAreRefused(paths: [String]) {
        #expect(throws: AntidoteError.self) { try FileSet(paths.map { FileSet.File(path: $0, contents: []) }) }
    }

    @Test func aDigestTellsFilesApart() throws {
        func digest(_ files: [(String, UInt16, [UInt8])]) throws -> ContentDigest {
            try FileSet(files.map { FileSet.File(path: $0.0, mode: $0.1, contents: $0.2) }).digest
        }
        let all = try [
            digest([]), digest([("a", 0o644, [])]), digest([("a", 0o755, [])]), digest([("b", 0o644, [])]),
            digest([("a", 0o644, [1])]), digest([("a", 0o644, [1]), ("b", 0o644, [])]),
            digest([("a", 0o644, []), ("b", 0o644, [1])]),
        ]
        #expect(Set(all).count == all.count)
        #expect(try digest([("b", 0o644, []), ("a", 0o644, [1])]) == all[5])
    }

    @Test func partsOfADigestDoNotRunTogether() {
        func digest(_ parts: [String]) -> ContentDigest {
            var builder = DigestBuilder()
            for part in parts { builder.add(part) }
            return builder.finish()
        }
        #expect(digest(["ab", "c"]) != digest(["a", "bc"]))
        #expect(digest(["", "a"]) != digest(["a", ""]))
        #expect(digest([]) != digest([""]))
        #expect(ContentDigest(digest(["a"]).description) == digest(["a"]))
        #expect(ContentDigest("A" + String(repeating: "0", count: 31)) == nil)
    }

    @Test func `a stored failure keeps the names of its members`() throws {
        let error = AntidoteError(.jobFailed, "m", recovery: "r", subject: "s")
        let failure = Failure(error, at: Timestamp(microseconds: 0), keptUntil: Timestamp(microseconds: 0))
        let stored = try JSONSerialization.jsonObject(with: JSONEncoder().encode(failure)) as? [String: Any]
        #expect(stored?["advice"] as? String == "r")
        #expect(stored?["place"] as? String == "s")
        #expect(stored?["recovery"] == nil && stored?["subject"] == nil)
    }

    @Test func `a value of a later release is refused by its name`() throws {
        func refusal<Value: Decodable>(_ type: Value.Type) -> AntidoteError? {
            #expect(throws: AntidoteError.self) {
                try JSONDecoder().decode([Value].self, from: Data(#"["levitate"]"#.utf8))
            }
        }
        let refusals = [
            refusal(EnvironmentEvent.Kind.self), refusal(BackendCapabilities.Feature.self),
            refusal(TopologyChange.Kind.self), refusal(WorkerRole.self),
        ]
        for error in refusals {
            #expect(error?.code == .unsupported && error?.message.contains("“levitate”") == true)
        }
        let known = try JSONDecoder().decode([WorkerRole].self, from: Data(#"["gc"]"#.utf8))
        #expect(known == [.collector])
    }

    @Test func pausesGrowToTheirCapAndJitterOnlyShortens() {
        let policy = RetryPolicy(firstPause: .seconds(1), maxPause: .seconds(30), jitter: 0.5)
        let pauses = (1...8).map { policy.pause(beforeAttempt: $0, jitter: 0).inSeconds }
        #expect(pauses == [1, 2, 4, 8, 16, 30, 30, 30])
        #expect(policy.pause(beforeAttempt: 3, jitter: 1) == .seconds(2))
        #expect(policy.pause(beforeAttempt: .max, jitter: 0) == .seconds(30))
        #expect(policy.pause(beforeAttempt: -3, jitter: 0) == .seconds(1))
    }

    @Test func timesAtTheBoundsDoNotOverflow() {
        let last = Timestamp(microseconds: .max)
        let first = Timestamp(microseconds: .min)
        #expect(last - first > .zero)
        #expect(last + .seconds(1) == last)
        #expect(first + .seconds(Int64.max) > first)
    }

    @Test func entriesOfTheDueIndexStayBounded() {
        var index = DueIndex()
        for round in 0..<10_000 {
            for id in ["a", "b"] {
                let moment = Timestamp(microseconds: Int64(1_000_000 - round))
                index.set(EnvironmentID(unchecked: id), ticket: id == "a" ? 1 : 2, moment: moment)
            }
        }
        #expect(index.count < 200)
        let now = Timestamp(microseconds: 2_000_000)
        #expect(index.due(by: now, limit: 1).map(\.rawValue) == ["a"])
        // They stay until they are claimed.
        #expect(index.due(by: now, limit: 10).map(\.rawValue) == ["a", "b"])
        index.set(EnvironmentID(unchecked: "a"), ticket: 1, moment: nil)
        #expect(index.due(by: now, limit: 10).map(\.rawValue) == ["b"])
        index.set(EnvironmentID(unchecked: "b"), ticket: 2, moment: now + .seconds(1))
        #expect(index.due(by: now, limit: 10).isEmpty)
    }

    @Test func theOutboxStaysBoundedBehindAnEventThatNobodyPublishes() {
        let request = StoreWorld().request("a")
        let row = Environment(admitting: request, id: EnvironmentID(unchecked: "a"), ticket: 1, now: .zero)
        var journal = EventJournal()
        let events = (1...5000).map { EnvironmentEvent(.ready, about: row, sequence: Int64($0), time: .zero) }
        for event in events {
            journal.append([event])
            if event.sequence > 1 { journal.markPublished([event, event]) }
        }
        #expect(journal.outboxCount < 200)
        #expect(journal.events(.unpublished(limit: 10)) == [events[0]])
    }
}
