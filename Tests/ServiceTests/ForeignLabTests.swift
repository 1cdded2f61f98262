import ChaosScenario
import Foundation
import HostPrograms
import Testing

extension ServiceTests {
    /// Labs at the provider that carry the installation's name, and are not of its database.
    @Suite struct ForeignLabTests {
        private static let count = 3

        /// `labs` of an installation that was stopped.
        private func installationWithLabs() async throws -> (installation: Installation, labs: Set<ProviderEntry>) {
            let installation = try await Installation()
            try await installation.running { api, _, _ in
                let visitor = try await Visitor.arrived(at: api)
                for number in 1...Self.count { _ = try await visitor.learn("lesson-\(number)") }
            }
            let labs = try await installation.labs
            #expect(labs.count == Self.count)
            return (installation, labs)
        }

        @Test func aCollectorOfAnotherDatabasePrunesNothing() async throws {
            let (installation, labs) = try await installationWithLabs()
            let other = try await Installation(["fakeDirectory": installation.provider.path])
            try await prunesNothing(installation, labs, ["databaseUrl": other.settings["databaseUrl"] ?? ""])
        }

        @Test func aCollectorOfADatabaseMadeAnewPrunesNothing() async throws {
            let (installation, labs) = try await installationWithLabs()
            let repeated = try await installation.antidote("db", "init", "--yes")
            #expect(repeated.status == 0)
            try await prunesNothing(installation, labs, [:])
        }

        /// A database that lost its rows, as after a restored backup of before.
        @Test func aCollectorWithoutAnyRowPrunesNothing() async throws {
            let installation = try await Installation()
            try await installation.running { api, _, _ in
                // More than a handful: so many at once are no orphans.
                for _ in 1...2 {
                    let visitor = try await Visitor.arrived(at: api)
                    for number in 1...5 { _ = try await visitor.learn("lesson-\(number)") }
                }
            }
            let labs = try await installation.labs
            try await installation.sql(
                "truncate antidote_state_environments, antidote_state_events, antidote_state_capacity"
            )
            let gc = try installation.start(.gc)
            try await gc.logged("10 of 10 labs at fake have no row: nothing was pruned", times: 3)
            #expect(try await installation.labs == labs)
            #expect(await gc.stop(SIGTERM) == 0)
        }

        @Test func twoInstallationsOfOneNameLeaveEachOtherAlone() async throws {
            let (one, labs) = try await installationWithLabs()
            let other = try await Installation([
                "instanceId": one.name, "fakeDirectory": one.provider.path,
            ])
            try await one.running { _, _, gc in
                try await other.running { api, _, otherGC in
                    let visitor = try await Visitor.arrived(at: api)
                    let lesson = try await visitor.learn("lesson-1")
                    try await gc.logged("1 labs at fake carry the name \(one.name) and belong to another store")
                    try await otherGC.logged("\(Self.count) labs at fake carry the name \(one.name)", times: 2)
                    #expect(try await one.labs.count == Self.count + 1)
                    _ = try await visitor.ready(lesson.id)
                    // Each removes its own.
                    try await visitor.leave(lesson.id)
                    #expect(try await one.labs == labs)
                }
            }
        }

        private func prunesNothing(
            _ installation: Installation,
            _ labs: Set<ProviderEntry>,
            _ changes: [String: String]
        ) async throws {
            let gc = try installation.start(.gc, changes)
            try await gc.logged(
                "\(Self.count) labs at fake carry the name \(installation.name) and belong to another store",
                times: 3
            )
            #expect(gc.logText.contains("Check that this is the right database"))
            #expect(try await installation.labs == labs)
            #expect(await gc.stop(SIGTERM) == 0)
        }
    }
}
