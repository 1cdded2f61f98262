import AntidoteCore
import HostPrograms

/// The configuration of the installation under test: short times, so that much happens in few minutes.
package struct WorldSettings: Sendable {
    var instance = "chaos"
    let provider: any Provider
    var leaseDuration = 3
    var sweepInterval = 1
    var gcInterval = 2
    var orphanGrace = 4
    var instanceLimit = 30
    var sessionLimit = 3
    /// In minutes.
    var idle = 3

    init(_ folder: WorldFolder, engine: String?, random: RandomSource) throws {
        if let engine {
            // Others use the engine too.
            instance = "chaos-\(random.base32(length: 5))"
            provider = ProviderEngine(socket: engine, instance: instance)
            instanceLimit = 6
            orphanGrace = 30
        } else {
            provider = try ProviderFolder(path: folder.file("provider"))
        }
    }

    package static let lessons = (1...5).map { "lesson-\($0)" }
    static let stages = 3

    func text(databaseURL: String, busURL: String, password: String, httpPort: Int, isInstant: Bool) -> String {
        """
        instanceId: \(instance)
        databaseUrl: \(databaseURL)
        natsUrl: \(busURL)
        natsUser: \(BusServer.user)
        natsPassword: \(password)
        \(provider.settings(isInstant: isInstant))
        httpPort: \(httpPort)
        leaseDuration: \(leaseDuration)
        sweepInterval: \(sweepInterval)
        gcInterval: \(gcInterval)
        orphanGrace: \(orphanGrace)
        failedRetention: 30
        instanceLimit: \(instanceLimit)
        queueLimit: 500
        liveLessonLimit: \(sessionLimit)
        liveLessonTTL: \(idle)
        drainDeadline: 10
        logFormat: json
        logLevel: info
        """
    }

    /// Keep-alives may be a minute late.
    var limits: RunRecord.Limits {
        var limits = RunRecord.Limits()
        limits.perInstance = instanceLimit
        limits.perSession = sessionLimit
        limits.idle = Double(idle * 60 - 65)
        limits.mayFail = provider.mayFail
        return limits
    }

    /// Writes a curriculum of small lessons to `folder`. Returns where that is.
    ///
    /// - Parameter image: What the machines are made of; the fake backend asks for none.
    package static func writeCurriculum(
        in world: WorldFolder,
        folder: String = "curriculum",
        image: String = "machine"
    ) throws -> String {
        let meta = """
            ---
            name: Chaos
            description: Small lessons that are asked for, changed and left.
            website: https://example.org/antidote
            gitRoot: https://example.org/antidote.git
            aVer: v0.1.0
            """
        try world.write("\(folder)/curriculum.meta.yaml", meta)
        let imageMeta = """
            ---
            slug: \(image)
            description: A machine
            flavor: untrusted
            sshUser: antidote
            sshPassword: antidotepassword
            configUser: antidote
            configPassword: antidotepassword
            """
        try world.write("\(folder)/images/\(image)/image.meta.yaml", imageMeta)
        for lesson in Self.lessons {
            let stages = (0..<Self.stages).map { "- description: Stage \($0)" }.joined(separator: "\n")
            let text = """
                ---
                slug: \(lesson)
                name: The lesson \(lesson)
                description: A lesson for programs.
                shortDescription: For programs
                category: fundamentals
                tier: prod
                authors:
                - name: The Antidote authors
                  link: https://example.org/antidote
                endpoints:
                - name: machine
                  image: \(image)
                  configurationType: python
                  presentations:
                  - name: cli
                    port: 22
                    type: ssh
                stages:
                \(stages)
                """
            try world.write("\(folder)/lessons/\(lesson)/lesson.meta.yaml", text)
            for stage in 0..<Self.stages {
                try world.write("\(folder)/lessons/\(lesson)/stage\(stage)/guide.md", "# Stage \(stage)\n")
                let configuration = "\(folder)/lessons/\(lesson)/stage\(stage)/configs/machine.py"
                try world.write(configuration, "print('done')\n")
            }
        }
        return world.file(folder)
    }
}
