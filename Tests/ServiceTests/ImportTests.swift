import ChaosScenario
import Foundation
import HTTPTransport
import HostPrograms
import Testing

extension ServiceTests {
    /// Curricula that come while the services run.
    @Suite struct ImportTests {
        private struct Import: Decodable {
            var lessons: Int
            var version: String
        }

        @Test func anInvalidCurriculumChangesNothing() async throws {
            let installation = try await Installation()
            let before = try await contents(installation)
            let folder = "\(installation.name).invalid"
            let curriculum = try WorldSettings.writeCurriculum(in: installation.servers.folder, folder: folder)
            try installation.servers.folder.write("\(folder)/lessons/lesson-3/lesson.meta.yaml", "slug: [")
            let refused = try await installation.antidote("import", curriculum)
            #expect(refused.status == 1, "\(refused)")
            #expect(refused.errors.contains("error[curriculumInvalid]: lessons/lesson-3"), "\(refused)")
            #expect(refused.errors.contains("antidote validate"), "\(refused)")
            #expect(try await contents(installation) == before)
        }

        /// Those that run keep what they began with, and nobody has to be restarted.
        @Test func whatRunsKeepsItsVersion() async throws {
            let installation = try await Installation()
            let folder = "\(installation.name).next"
            let next = try WorldSettings.writeCurriculum(in: installation.servers.folder, folder: folder)
            for lesson in WorldSettings.lessons {
                let file = "\(next)/lessons/\(lesson)/lesson.meta.yaml"
                let text = try String(contentsOfFile: file, encoding: .utf8)
                    .replacingOccurrences(of: "- description: Stage 2", with: "")
                try installation.servers.folder.write("\(folder)/lessons/\(lesson)/lesson.meta.yaml", text)
            }
            try await installation.running { api, _, _ in
                let (early, late) = (try await Visitor.arrived(at: api), try await Visitor.arrived(at: api))
                let old = try await early.learn("lesson-1")
                let version = try #require(try await editions(installation)[old.id])
                // Lessons start before it comes, while it does, and after.
                let imports = Tally()
                async let started = starts(late, installation) { imports.count > 0 }
                let imported = try await installation.list(Import.self, "import", next)
                imports.add()
                #expect(imported.lessons == WorldSettings.lessons.count && imported.version != version)
                let seen = try await started
                #expect(Set(seen) == [version, imported.version], "\(seen)")
                // Who was given the new one is not given the old one again.
                #expect(seen == seen.filter { $0 == version } + seen.filter { $0 != version }, "\(seen)")
                let new = try await late.learn("lesson-1").id
                // The old one has a stage that the new one lacks.
                _ = try await early.ask(.patch, "/v1/livelessons/\(old.id)", #"{"stage": 2}"#)
                _ = try await early.ready(old.id, stage: 2)
                #expect(try await late.ask(.patch, "/v1/livelessons/\(new)", #"{"stage": 2}"#).status == 422)
                let known = Set(try await editions(installation).values)
                #expect(known.isSubset(of: [version, imported.version]))
                #expect(try await editions(installation)[old.id] == version)
            }
        }

        /// Starts and leaves lessons, without a pause, until it may end and one of another edition has come. Returns the
        /// edition of each.
        private func starts(
            _ visitor: Visitor,
            _ installation: Installation,
            _ mayEnd: @Sendable () -> Bool
        ) async throws -> [String] {
            var seen: [String] = []
            return try await eventually("a lesson of the new edition") {
                let wasThere = mayEnd()
                for lesson in WorldSettings.lessons {
                    let id = try await visitor.learn(lesson).id
                    seen.append(
                        try await installation.sql(
                            "select source_version from antidote_state_environments where id = '\(id)'"
                        )
                    )
                    try await visitor.leave(id)
                }
                return wasThere && Set(seen).count > 1 ? seen : nil
            }
        }

        private func editions(_ installation: Installation) async throws -> [String: String] {
            let rows = try await installation.list([Rows.LiveLesson].self, "get", "livelessons")
            return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0.edition) })
        }

        /// Everything of every curriculum that the database holds.
        private func contents(_ installation: Installation) async throws -> String {
            var text = ""
            for table in ["editions", "documents", "files"] {
                text += try await installation.sql("select * from antidote_resource_\(table) order by 1, 2, 3")
            }
            return text
        }
    }
}
