import AntidoteCore
import AntidoteLessons
import CurriculumFiles
import Testing

/// Curricula as they were written for the system before: other keys, other habits.
@Suite struct OldCurriculumTests {
    @Test func itLoadsWithoutAnError() throws {
        let sandbox = try Sandbox(OldCurriculum.files)
        let result = sandbox.read()
        #expect(result.problems.filter { $0.severity == .error }.map(\.description) == [])
        #expect(Set(result.problems.map(\.rule.id)) == ["key-unknown"])
        #expect(result.curriculum.lessons.count == 25)
        #expect(result.curriculum.images["vqfx"]?.flavor == .trusted)
        let lesson = try #require(result.curriculum.lessons["lesson-c"])
        #expect(
            lesson.stages[0].configurations == [
                LessonConfiguration(endpoint: "linux1", kind: .python, path: "stage0/configs/linux1.py"),
                LessonConfiguration(
                    endpoint: "vqfx1",
                    kind: .napalm,
                    driver: .junos,
                    path: "stage0/configs/vqfx1-junos.txt"
                ),
            ]
        )
    }

    @Test func aStageMayHaveADriverOfItsOwn() throws {
        let lesson = try #require(Sandbox(GoodCurriculum.files).read().curriculum.lessons["first"])
        let drivers = lesson.stages.map { stage in stage.configurations.first { $0.endpoint == "vqfx-1" }?.driver }
        #expect(drivers == [.junos, .nxosSSH])
    }
}

/// Twenty-five lessons with what is found in lessons of that time.
enum OldCurriculum {
    static let files: [String: String] = {
        var files = [
            "curriculum.meta.yaml":
                "name: Old\ndescription: Old\nwebsite: https://example.org\naVer: v0.6.0\ngitRoot: https://example.org",
            "collections/vendors/acme/collection.meta.yaml": """
            ---
            title: Acme
            slug: acme
            image: https://example.org/acme.png
            website: "https://example.org"
            contactEmail: ""
            briefDescription: Acme
            longDescription: >
              Acme makes things.
            type: vendor
            tier: prod
            """,
        ]
        for image in ["utility", "vqfx", "crpd"] {
            files["images/\(image)/image.meta.yaml"] = """
                ---
                slug: \(image)
                description: \(image)
                privileged: \(image == "vqfx")
                flavor: \(image == "vqfx" ? "trusted" : "untrusted")
                enableForwarding: \(image == "crpd")
                networkInterfaces:
                sshUser: antidote
                sshPassword: antidotepassword
                configUser: antidote
                configPassword: antidotepassword
                """
        }
        for number in 0..<25 {
            let letter = String(UnicodeScalar(UInt8(97 + number)))
            let directory = "lessons/\(number % 2 == 0 ? "fundamentals" : "tools")/lesson-\(letter)"
            files["\(directory)/lesson.meta.yaml"] = lesson(letter, number: number)
            for stage in 0..<3 {
                files["\(directory)/stage\(stage)/guide.md"] = "# Stage \(stage)"
                files["\(directory)/stage\(stage)/configs/linux1.py"] = "print('x')"
                files["\(directory)/stage\(stage)/configs/vqfx1-junos.txt"] = "system { host-name vqfx1; }"
            }
        }
        return files
    }()

    private static func lesson(_ letter: String, number: Int) -> String {
        """
        ---
        name: Lesson \(letter)
        slug: lesson-\(letter)
        lessonId: \(number)
        category: \(number % 2 == 0 ? "fundamentals" : "tools")
        diagram: "https://raw.githubusercontent.com/x/y/lesson\(number).png"
        video: ""
        tier: \(number == 24 ? "local" : "prod")
        collection: \(number % 3 == 0 ? "acme" : "")
        prereqs:
        \(number > 0 && number < 24 ? "- lesson-a" : "")
        description: This is lesson \(letter).
        shortDescription: \(number)
        tags:
        - YAML
        readyDelay: 20
        endpoints:
        - name: linux1
          image: utility
          configurationType: python
          additionalPorts: []
          presentations:
          - name: cli
            port: 22
            type: ssh
        - name: vqfx1
          image: vqfx
          configurationType: napalm
          additionalPorts: [830, 8080]
          presentations:
          - name: cli
            port: 22
            type: ssh
          sshUser: root
        connections:
        - a: linux1
          b: vqfx1
          subnet: \(number % 5 == 0 ? "10.31.0.0/16" : "")
        stages:
        - id: 0
          description: Zero
          guideType: markdown
          stageVideo: ""
        - id: 1
          description: One
          guideType: markdown
          jupyterLabGuide: true
        - description: Two
          guideType: markdown
        authors:
        - name: Somebody
          link: https://example.org
        """
    }
}
