import AntidoteCore
import AntidoteLessons
import AntidoteRuntime
import CurriculumFiles
import DockerBackend
import Testing

extension EngineTests {
    /// A stage of an example, what a learner does in it, and its checks.
    struct Exercise: Sendable, CustomTestStringConvertible {
        var lesson: String
        var stage: Int
        /// What the learner types on the workstation.
        var workstation = "true"
        /// What the learner types on the web server.
        var webserver: String?
        var checks = 1

        var testDescription: String { "\(lesson), stage \(stage)" }
    }

    @Test(arguments: [
        Exercise(lesson: "hello-network", stage: 0, workstation: "curl -s http://webserver/ > hello.html"),
        Exercise(
            lesson: "hello-network",
            stage: 1,
            webserver: "printf '<h1>A sign</h1>\\n<p>\\nMade by Ada\\n</p>\\n' > /var/www/html/sign.html",
            checks: 2
        ),
        Exercise(
            lesson: "hello-network",
            stage: 2,
            workstation: """
                mine=$(ip -brief -4 address | grep -o '10\\.20\\.30\\.[0-9]*')
                for n in $(seq 1 20); do
                    other=10.20.30.$n
                    [ "$other" = "$mine" ] && continue
                    curl -s --max-time 1 http://$other/ >/dev/null && echo $other > answer.txt && exit
                done
                exit 1
                """
        ),
        Exercise(
            lesson: "shell-basics",
            stage: 0,
            workstation: "mv desk/receipts/2023-04-03.txt desk/letters/"
        ),
        Exercise(
            lesson: "shell-basics",
            stage: 1,
            workstation: "sort sightings.txt | uniq -c | sort -n | tail -n 1 | awk '{ print $2 }' > most.txt"
        ),
    ])
    func anObjectiveIsMetWhenTheLearnerDidIt(_ exercise: Exercise) async throws {
        let settings = Settings()
        let id = try InstanceID(validating: "run" + RandomSource.system.base32(length: 9))
        let reader = CurriculumReader(directory: Curriculum.example)
        let library = try DirectoryLibrary(reader: reader, lesson: exercise.lesson)
        let edition = try await library.currentEdition(of: exercise.lesson)
        let store = InMemoryStateStore(time: .system, random: .system)
        let backend = try DockerBackend(
            configuration: DockerConfiguration(
                instance: id,
                store: store.id,
                owner: ProcessIdentity.current.description,
                address: .unixSocket(path: engine.socket)
            )
        )
        // An instance would wait for an engine that is away.
        try await backend.probe()
        let instance = EmbeddedInstance(
            id: id,
            backend: backend,
            planners: [
                LessonPlanner.sourceKind: LessonPlanner(library: library, settings: settings.lessonSettings(for: id))
            ],
            vocabularies: [LessonPlanner.sourceKind: LessonVocabulary()],
            store: store
        )
        #expect(edition.lesson.stages[exercise.stage].objectives.count == exercise.checks)
        try await instance.withRunning { running in
            try await running.withEnvironment(of: edition.source, revision: exercise.stage) { row in
                let topology = try #require(row.provisioned)
                #expect(try await check(exercise, "before", edition, settings, backend, topology.id) == 1)
                let ways = LessonAccess.all(of: edition, in: topology)
                let ssh = try #require(ways.first { $0.kind == .ssh })
                let login = try #require(edition.images["workstation"]?.sshLogin)
                let workstation = LearnerShell(
                    command: [
                        "ssh", "-p", "\(ssh.address.port)", "-o", "StrictHostKeyChecking=no", "-o",
                        "UserKnownHostsFile=/dev/null", "\(login.username)@\(ssh.address.host)",
                    ],
                    password: login.password
                )
                _ = try await workstation.run(exercise.workstation)
                if let script = exercise.webserver { _ = try await workstation.run(script, on: "webserver") }
                #expect(try await check(exercise, "after", edition, settings, backend, topology.id) == 0)
            }
        }
        #expect(try await backend.inventory().isEmpty)
    }

    /// The exit status that all checks of the stage end with; -1 where they do not agree.
    private func check(
        _ exercise: Exercise,
        _ moment: String,
        _ edition: LessonEdition,
        _ settings: Settings,
        _ backend: DockerBackend,
        _ topology: TopologyID
    ) async throws -> Int {
        var statuses: Set<Int> = []
        for (number, objective) in edition.lesson.stages[exercise.stage].objectives.enumerated() {
            let job = Job(
                id: try JobID(validating: "check-\(number)-\(moment)"),
                image: ImageReference(settings.configuratorImage),
                command: ["python3", "\(settings.labDirectory)/\(objective.script)"],
                files: edition.files,
                deadline: .seconds(60)
            )
            let result = try await backend.run(job, in: topology, under: .unlimited, progress: .none)
            #expect([0, 1].contains(result.exitStatus), "\(result.outputTail)")
            statuses.insert(result.exitStatus)
        }
        return statuses.count == 1 ? statuses.first ?? -1 : -1
    }
}
