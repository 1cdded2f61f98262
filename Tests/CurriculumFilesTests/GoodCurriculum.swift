/// A small curriculum without a problem, from which each test departs by one fault.
enum GoodCurriculum {
    static let lesson = "lessons/tools/first/lesson.meta.yaml"
    static let second = "lessons/second/lesson.meta.yaml"
    static let image = "images/utility/image.meta.yaml"
    static let collection = "collections/acme/collection.meta.yaml"

    static let files: [String: String] = [
        "curriculum.meta.yaml": """
        name: Test curriculum
        description: For tests
        website: https://example.org
        aVer: v1.0.0
        gitRoot: https://example.org/git
        """,
        collection: """
        slug: acme
        title: Acme
        type: vendor
        tier: prod
        image: https://example.org/acme.png
        website: https://example.org
        contactEmail: acme@example.org
        briefDescription: Brief
        longDescription: Long
        """,
        image: """
        slug: utility
        description: A utility
        flavor: untrusted
        enableForwarding: true
        networkInterfaces: [net0, net1]
        sshUser: antidote
        sshPassword: antidotepassword
        configUser: antidote
        configPassword: antidotepassword
        """,
        "images/router/image.meta.yaml": """
        slug: router
        description: A router
        flavor: trusted
        sshUser: root
        sshPassword: secret
        configUser: root
        configPassword: secret
        """,
        lesson: """
        slug: first
        name: First
        description: The first lesson
        shortDescription: First
        category: tools
        tier: prod
        collection: acme
        diagram: https://example.org/diagram.png
        video: https://example.org/video
        prereqs: [second]
        tags:
        - a
        - b
        authors:
        - name: Somebody
          link: https://example.org/somebody
        readyDelay: 20
        endpoints:
        - name: linux-1
          image: utility
          configurationType: python
          additionalPorts: [8080]
          presentations:
          - name: cli
            port: 22
            type: ssh
          - name: web
            port: 80
            type: http
        - name: vqfx-1
          image: router
          configurationType: napalm
          presentations:
          - name: cli
            port: 22
            type: ssh
        - name: plain
          image: utility
          configurationType: ansible
          additionalPorts: [9000]
        connections:
        - a: linux-1
          b: vqfx-1
          subnet: 10.1.0.0/24
        - a: vqfx-1
          b: plain
          subnet: 10.2.0.0/24
        stages:
        - id: 0
          description: Zero
          guideType: markdown
          stageVideo: https://example.org/video0
        - id: 1
          description: One
          guideType: jupyter
          verification:
            objectives:
            - Do this
            - Do that
            completeMessage: Congratulations
        """,
        "lessons/tools/first/stage0/guide.md": "# Zero",
        "lessons/tools/first/stage0/configs/linux-1.py": "print(0)",
        "lessons/tools/first/stage0/configs/deep/plain.yml": "- hosts: all",
        "lessons/tools/first/stage0/configs/vqfx-1-junos.txt": "system {}",
        "lessons/tools/first/stage0/configs/common.py": "# for linux-1.py",
        "lessons/tools/first/stage1/guide.ipynb": "{}",
        "lessons/tools/first/stage1/configs/linux-1.py": "print(1)",
        "lessons/tools/first/stage1/configs/plain.yml": "- hosts: all",
        "lessons/tools/first/stage1/configs/vqfx-1-nxos_ssh.txt": "feature bgp",
        "lessons/tools/first/stage1/objectives/objective0.py": "raise SystemExit(0)",
        "lessons/tools/first/stage1/objectives/objective1.py": "raise SystemExit(1)",
        "lessons/tools/first/data/file.txt": "data",
        second: """
        slug: second
        name: Second
        description: The second lesson
        shortDescription: Second
        category: fundamentals
        tier: prod
        endpoints:
        - name: linux1
          image: utility
          presentations:
          - name: cli
            port: 22
            type: ssh
        stages:
        - description: Only
          guideType: markdown
        """,
        "lessons/second/stage0/guide.md": "# Only",
    ]

    /// The files, one text in one of them replaced.
    static func replacing(_ old: String, with new: String, in file: String) -> [String: String] {
        var files = files
        files[file] = files[file]?.replacingFirst(old, with: new)
        return files
    }
}

extension String {
    func replacingFirst(_ old: String, with new: String) -> String {
        guard let range = firstRange(of: old) else { return self }
        return String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
    }
}
