import AntidoteCore
import SecretCanaries
import Testing

@testable import AntidoteLessons

@Suite("Lessons become topologies")
struct LessonPlannerTests {
    private func edition(
        _ endpoints: [LessonEndpoint],
        _ connections: [LessonConnection] = [],
        interfaces: [String] = [],
        configurations: [LessonConfiguration] = []
    ) -> LessonEdition {
        let login = ImageLogin(username: "antidote", password: Canary.text("login"))
        let image = ImageDefinition(
            slug: "vm",
            networkInterfaces: interfaces,
            sshLogin: login,
            configurationLogin: login
        )
        let stage = LessonStage(guide: Guide(path: "guide.md"), configurations: configurations)
        return LessonEdition(
            lesson: Lesson(slug: "l", name: "L", stages: [stage], endpoints: endpoints, connections: connections),
            version: "1",
            images: ["vm": image],
            files: .empty
        )
    }

    private func machine(_ name: String) -> LessonEndpoint { LessonEndpoint(name: name, image: "vm") }

    private func plan(_ edition: LessonEdition, stage: Int = 0) throws -> EnvironmentPlan {
        struct NoLibrary: LessonLibrary {
            func currentEdition(of slug: String) async throws -> LessonEdition { throw CancellationError() }
            func edition(of slug: String, version: String) async throws -> LessonEdition { throw CancellationError() }
        }
        let instance = InstanceID(unchecked: "test")
        return try LessonPlanner(library: NoLibrary(), settings: LessonSettings(instance: instance)).plan(
            edition,
            stage: stage,
            as: TopologyID(
                instance: instance,
                store: StoreID(unchecked: "bbbbbbbbbbbbbbbb"),
                environment: EnvironmentID(unchecked: "aaaaaaaaaaaaaaaa"),
                incarnation: 1
            ),
            session: OwnerID(unchecked: "s")
        )
    }

    @Test(arguments: [
        ([], ["net0", "net1"]), (["net1"], ["net1", "net2"]), (["eth1"], ["eth1", "net1"]),
        (["x", "x"], ["x", "net1"]), (["a", "b", "c"], ["a", "b"]),
    ])
    func interfaceNamesDoNotCollide(preferred: [String], expected: [String]) throws {
        let links = [LessonConnection(a: "r1", b: "r2"), LessonConnection(a: "r1", b: "r2")]
        let edition = edition([machine("r1"), machine("r2")], links, interfaces: preferred)
        let names = try LinkPlan(edition).connections.map { $0.attachments.first { $0.endpoint == "r1" }?.interface }
        #expect(names == expected)
        #expect(try plan(edition).topology.structuralProblems().isEmpty)
    }

    @Test func defaultSubnetsKeepClearOfGivenOnesAndOfEachOther() throws {
        let given = try #require(IPv4Subnet("10.200.0.0/23"))
        let links = [
            LessonConnection(a: "r1", b: "r2"), LessonConnection(a: "r1", b: "r2", subnet: given),
            LessonConnection(a: "r1", b: "r2"),
        ]
        let connections = try LinkPlan(edition([machine("r1"), machine("r2")], links)).connections
        #expect(connections.map(\.subnet.description) == ["10.200.2.0/24", "10.200.0.0/23", "10.200.3.0/24"])
    }

    @Test func anAuthorWhoTakesAllOfTenStillGetsASubnet() throws {
        let links = [
            LessonConnection(a: "r1", b: "r2", subnet: IPv4Subnet("10.0.0.0/8")), LessonConnection(a: "r1", b: "r2"),
        ]
        let connections = try LinkPlan(edition([machine("r1"), machine("r2")], links)).connections
        #expect(!connections[0].subnet.overlaps(connections[1].subnet))
    }

    @Test func theOrderOfTheEndsDoesNotMatter() throws {
        let forth = edition([machine("r1"), machine("r2")], [LessonConnection(a: "r1", b: "r2")])
        let back = edition([machine("r1"), machine("r2")], [LessonConnection(a: "r2", b: "r1")])
        let attachments = try LinkPlan(forth).connections[0].attachments
        #expect(try LinkPlan(back).connections[0].attachments == attachments)
        #expect(attachments.map(\.address.description) == ["10.200.0.2", "10.200.0.3"])
    }

    @Test(arguments: ["10.0.0.0/31", "10.0.0.0/32"])
    func aSubnetWithoutRoomIsRefused(text: String) throws {
        let subnet = IPv4Subnet(text)
        try #require(subnet != nil)
        let link = LessonConnection(a: "r1", b: "r2", subnet: subnet)
        let edition = edition([machine("r1"), machine("r2")], [link])
        let error = #expect(throws: AntidoteError.self) { try LinkPlan(edition) }
        #expect(error?.code == .curriculumInvalid)
    }

    @Test func napalmKeepsItsDriverForNamesWithDashes() throws {
        let configuration = LessonConfiguration(endpoint: "vqfx-1", kind: .napalm, driver: .junos, path: "stage0/x")
        let job = try #require(try plan(edition([machine("vqfx-1")], configurations: [configuration])).jobs.first)
        #expect(job.command == ["/configure.py", "junos", "22", "vqfx-1", "/antidote/stage0/x"])
    }

    @Test func theLongestNamesCanBeConfiguredAndStayApart() throws {
        let names = ["a", "b"].map { String(repeating: "x", count: 62) + $0 }
        let edition = edition(
            names.map(machine),
            configurations: names.map { LessonConfiguration(endpoint: $0, kind: .python, path: "x.py") }
        )
        let ids = try plan(edition).jobs.map(\.id)
        #expect(Set(ids).count == 2)
    }

    @Test func aPasswordIsNowhereButInTheSecret() throws {
        let configuration = LessonConfiguration(endpoint: "r1", kind: .python, path: "x.py")
        let edition = edition([machine("r1")], configurations: [configuration])
        let plan = try plan(edition)
        #expect(plan.jobs.first?.environment["ANTIDOTE_TARGET_PASSWORD"] == .secret(Secret(Canary.text("login"))))
        var dumped = ""
        dump(plan, to: &dumped)
        dump(edition, to: &dumped)
        #expect(!"\(plan) \(String(reflecting: plan)) \(edition) \(dumped)".contains(Canary.text("login")))
    }

    @Test(arguments: [-1, 1, .max])
    func aStageThatIsNotThereIsNotFound(stage: Int) {
        let error = #expect(throws: AntidoteError.self) { try plan(edition([machine("r1")]), stage: stage) }
        #expect(error?.code == .notFound)
    }
}
