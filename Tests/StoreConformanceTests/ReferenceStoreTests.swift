import AntidoteCore
import AntidoteTesting
import Foundation
import ReferenceModel
import Testing

@Suite("The reference store")
struct ReferenceStoreTests {
    @Test(.timeLimit(.minutes(3)))
    func `the reference store passes every conformance case`() async throws {
        let verdict = try await StateStoreConformance(of: ReferenceSubject(), model: ReferenceStore.init).run()
        let failed = verdict.findings(.failed).map(\.id)
        #expect(failed == [], "\(verdict.text)")
        #expect(verdict.cases.map(\.id) == StateStoreConformance.caseIDs)
    }

    @Test(.timeLimit(.minutes(2)), arguments: UInt64(1)...20)
    func `the in-memory store gives the answers of the reference store`(seed: UInt64) async throws {
        let suite = StateStoreConformance(of: InMemorySubject(), random: .seeded(seed), model: ReferenceStore.init)
        let verdict = try await suite.run(only: ["model/random"])
        #expect(verdict.holds, "\(verdict.text)")
    }

    @Test func `an unknown operation is an internal fault`() async throws {
        let store = ReferenceStore(time: .system, random: .system, limits: AdmissionLimits())
        let error = await #expect(throws: AntidoteError.self) { try await store.perform(UnknownOperation()) }
        #expect(error?.code == .internalFault)
    }

    @Test func `the reference store uses no rule of the core`() throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../TestSupport/ReferenceModel").standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count > 5)
        for file in files {
            let used = try CoreRules.used(in: String(contentsOf: file, encoding: .utf8))
            #expect(used == [], "\(file.lastPathComponent) uses rules of the core")
        }
    }

    @Test(arguments: CoreRules.examples)
    func `a use of a core rule is found in the source, but not in a comment`(example: String) throws {
        #expect(try CoreRules.used(in: "    \(example)  // RosterEntry(row)\n").count == 1)
        #expect(try CoreRules.used(in: "/// Never `\(example)`.\nreturn rows  // nor \(example)\n") == [])
    }
}

private struct UnknownOperation: StoreOperation {
    var needs: StoreNeeds { .environments([]) }

    func decide(_ set: inout WorkingSet) -> Int { 0 }
}
