import Foundation

/// A curriculum of one small lesson that has nothing to configure.
enum BenchLesson {
    static let slug = "one-machine"

    /// Returns its folder.
    static func write(in folder: String) throws -> String {
        let curriculum = folder + "/curriculum"
        for (name, text) in files {
            let path = URL(fileURLWithPath: "\(curriculum)/\(name)")
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try text.write(to: path, atomically: true, encoding: .utf8)
        }
        return curriculum
    }

    private static let files = [
        "curriculum.meta.yaml": """
        ---
        name: Benchmark
        description: A small lesson that is asked for and left.
        website: https://example.org/antidote
        gitRoot: https://example.org/antidote.git
        aVer: v0.1.0
        """,
        "images/machine/image.meta.yaml": """
        ---
        slug: machine
        description: A machine that does not exist
        flavor: untrusted
        sshUser: antidote
        sshPassword: antidotepassword
        configUser: antidote
        configPassword: antidotepassword
        """,
        "lessons/\(slug)/lesson.meta.yaml": """
        ---
        slug: \(slug)
        name: One machine
        description: A lesson for programs.
        shortDescription: For programs
        category: fundamentals
        tier: prod
        authors:
        - name: The Antidote authors
          link: https://example.org/antidote
        endpoints:
        - name: machine
          image: machine
          presentations:
          - name: cli
            port: 22
            type: ssh
        stages:
        - description: The only one
        """,
        "lessons/\(slug)/stage0/guide.md": "# One machine\n",
    ]
}
