import AntidoteCore
import AntidoteLessons

/// A curriculum with secrets in it that no answer may tell.
enum TestLessons {
    static let password = "canary-lesson-password"
    static let script = "canary-objective-script.py"

    static var curriculum: Curriculum {
        Curriculum(
            info: CurriculumInfo(name: "Tests"),
            version: "1",
            images: [
                "utility": ImageDefinition(
                    slug: "utility",
                    sshLogin: ImageLogin(username: "antidote", password: password),
                    configurationLogin: ImageLogin(username: "root", password: password)
                )
            ],
            lessons: [
                "ssh-basics": lesson("ssh-basics", stages: 3),
                "yaml": lesson("yaml", stages: 1),
                "unfinished": lesson("unfinished", stages: 1, tier: .local),
            ]
        )
    }

    private static func lesson(_ slug: String, stages: Int, tier: Tier = .prod) -> Lesson {
        Lesson(
            slug: slug,
            name: "The lesson “\(slug)” <b>",
            description: "Long\nwords.",
            shortDescription: "Words.",
            category: .tools,
            tier: tier,
            collection: "basics",
            prereqs: slug == "yaml" ? ["ssh-basics"] : [],
            tags: ["one"],
            authors: [Author(name: "Ada", link: "https://example.org/ada"), Author(name: "Anonymous")],
            stages: (0..<stages).map { number in
                LessonStage(
                    description: "Stage \(number)",
                    guide: Guide(path: "stage\(number)/guide.md"),
                    configurations: [
                        LessonConfiguration(endpoint: "linux", kind: .python, path: "stage\(number)/configs/linux.py")
                    ],
                    objectives: [Objective(text: "Log in", script: script)]
                )
            },
            endpoints: [
                LessonEndpoint(
                    name: "linux",
                    image: "utility",
                    configurationKind: .python,
                    presentations: [
                        Presentation(name: "cli", port: 22, kind: .ssh),
                        Presentation(name: "web", port: 80, kind: .http),
                    ]
                )
            ]
        )
    }
}
