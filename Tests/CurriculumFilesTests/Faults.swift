import CurriculumFiles

/// At least one fault for every rule.
enum Faults {
    static let all =
        lessonFaults + endpointFaults + connectionFaults + stageFaults + catalogueFaults + yamlFaults + fileFaults

    static let lesson = GoodCurriculum.lesson
    static let second = GoodCurriculum.second
    static let image = GoodCurriculum.image
    static let collection = GoodCurriculum.collection

    static let lessonFaults: [Fault] = [
        .edit("lesson-slug-invalid", Edit(lesson, "slug: first", "slug: ▸'-'")),
        .edit("lesson-slug-invalid", Edit(lesson, "slug: first", "slug: ▸First")),
        .edit("lesson-slug-invalid", Edit(lesson, "slug: first", "slug: ▸" + String(repeating: "a", count: 64))),
        .edit(
            "lesson-slug-duplicate",
            Edit(lesson, "slug: first", "slug: ▸second"),
            Edit(lesson, "prereqs: [second]\n", "")
        ),
        .change("lesson-nested", "lessons/second/inner/lesson.meta.yaml") { sandbox in
            let text = GoodCurriculum.files[GoodCurriculum.second] ?? ""
            try sandbox.write("lessons/second/inner/lesson.meta.yaml", text.replacingFirst("second", with: "inner"))
            try sandbox.write("lessons/second/inner/stage0/guide.md", "# Inner")
        },
        .edit("collection-unknown", Edit(lesson, "collection: acme", "collection: ▸acne")),
        .edit("prereq-unknown", Edit(lesson, "[second]", "[▸secund]")),
        .edit("prereq-cycle", Edit(lesson, "[second]", "[second, ▸first]")),
        .edit("prereq-tier", Edit(second, "tier: prod", "tier: ptr"), Edit(lesson, "[second]", "[▸second]")),
        .edit("ready-delay-negative", Edit(lesson, "readyDelay: 20", "readyDelay: ▸-1")),
        .edit("ready-delay-long", Edit(lesson, "readyDelay: 20", "readyDelay: ▸601")),
        .change("lesson-too-large", lesson, limits: CurriculumLimits(lessonSize: 10_000)) { sandbox in
            try sandbox.write("lessons/tools/first/large", [UInt8](repeating: 65, count: 10_000))
        },
        .change("lesson-too-many-files", lesson, limits: CurriculumLimits(lessonFiles: 30)) { sandbox in
            for number in 0..<20 { try sandbox.write("lessons/tools/first/data/\(number)", "") }
        },
    ]

    static let endpointFaults: [Fault] = [
        .edit("endpoint-name-invalid", Edit(second, "name: linux1", "name: ▸Bad Name!")),
        .edit("endpoint-name-invalid", Edit(second, "name: linux1", "name: ▸1linux")),
        .edit("endpoint-name-invalid", Edit(second, "name: linux1", "name: ▸linux-")),
        .edit(
            "endpoint-name-duplicate",
            Edit(lesson, "connections:", "- {name: ▸plain, image: utility, additionalPorts: [1]}\nconnections:")
        ),
        .edit("endpoint-name-reserved", Edit(second, "name: linux1", "name: ▸gate")),
        .edit("endpoint-name-reserved", Edit(second, "name: linux1", "name: ▸localhost")),
        .edit(
            "endpoint-name-reserved",
            Edit(
                lesson,
                "connections:",
                "- {name: ▸jupyterlabguide, image: utility, additionalPorts: [1]}\nconnections:"
            )
        ),
        .edit(
            "endpoint-unreachable",
            Edit(lesson, "- name: plain", "- ▸name: plain"),
            Edit(lesson, "  additionalPorts: [9000]\n", "")
        ),
        .edit("image-unknown", Edit(second, "image: utility", "image: ▸utilty")),
        .edit("port-out-of-range", Edit(second, "port: 22", "port: ▸70000")),
        .edit("port-out-of-range", Edit(lesson, "[8080]", "[8080, ▸0]")),
        .edit("presentation-name-invalid", Edit(second, "name: cli", "name: ▸C L I")),
        .edit("presentation-name-duplicate", Edit(lesson, "name: web", "name: ▸cli")),
        .edit("host-name-too-long", Edit(second, "name: cli", "name: ▸a-terminal-and-a-very-good-one")),
        .edit(
            "host-name-clash",
            Edit(
                lesson,
                "name: plain\n  image: utility\n",
                "name: linux\n  image: utility\n  presentations: [{name: ▸1-web, port: 1, type: http}]\n"
            ),
            Edit(lesson, "configurationType: ansible", "configurationType: ''"),
            Edit(lesson, "b: plain", "b: linux")
        ),
        .edit("field-missing", Edit(second, "name: cli", "name: ▸''")),
        .edit("field-missing", Edit(second, "image: utility", "image: ▸''")),
        .edit(
            "field-missing",
            Edit(second, "- name: cli", "- ▸description: x"),
            Edit(second, "description: x", "port: 22"),
            Edit(second, "\n    port: 22\n    type", "\n    type")
        ),
    ]

    static let connectionFaults: [Fault] = [
        .edit("connection-endpoint-unknown", Edit(lesson, "b: plain", "b: ▸plein")),
        .edit("connection-self", Edit(lesson, "b: plain", "b: ▸vqfx-1")),
        .edit("connection-duplicate", Edit(lesson, "stages:", "- ▸a: vqfx-1\n  b: plain\nstages:")),
        .edit("connection-parallel", Edit(lesson, "stages:", "- ▸a: plain\n  b: vqfx-1\nstages:")),
        .edit("subnet-invalid", Edit(lesson, "10.2.0.0/24", "▸junk")),
        .edit("subnet-invalid", Edit(lesson, "10.2.0.0/24", "▸10.2.0.0/33")),
        .edit("subnet-invalid", Edit(lesson, "10.2.0.0/24", "▸10.2.0.256/24")),
        .edit("subnet-invalid", Edit(lesson, "10.2.0.0/24", "▸fd00::/64")),
        .edit("subnet-invalid", Edit(lesson, "10.2.0.0/24", "▸10.2.0.0")),
        .edit("subnet-reserved", Edit(lesson, "10.2.0.0/24", "▸169.254.0.0/24")),
        .edit("subnet-reserved", Edit(lesson, "10.2.0.0/24", "▸127.1.0.0/16")),
        .edit("subnet-reserved", Edit(lesson, "10.2.0.0/24", "▸232.0.0.0/8")),
        .edit("subnet-reserved", Edit(lesson, "10.1.0.0/24", ""), Edit(lesson, "10.2.0.0/24", "▸0.0.0.0/0")),
        .edit("subnet-too-small", Edit(lesson, "10.2.0.0/24", "▸10.2.0.0/31")),
        .edit("subnet-overlap", Edit(lesson, "10.2.0.0/24", "▸10.1.0.0/24")),
        .edit("subnet-overlap", Edit(lesson, "10.2.0.0/24", "▸10.0.0.0/8")),
        .edit("subnet-overlap", Edit(lesson, "10.2.0.0/24", "▸10.1.0.128/30")),
        .edit("subnet-host-bits", Edit(lesson, "10.2.0.0/24", "▸10.2.0.7/24")),
        .edit("subnet-public", Edit(lesson, "10.2.0.0/24", "▸8.8.8.0/24")),
    ]

    static let stageFaults: [Fault] = [
        .edit("guide-not-utf8", Edit(second, "- description: Only", "- ▸description: Only"))
            .adding("lessons/second/stage0/guide.md", bytes: [0x23, 0xFF]),
        .edit(
            "file-too-large",
            Edit(second, "- description: Only", "- ▸description: Only"),
            Edit("lessons/second/stage0/guide.md", "# Only", "# Only, and very long"),
            limits: CurriculumLimits(guideSize: 10)
        ),
        .edit(
            "guide-missing",
            Edit(lesson, "stages:\n- id", "stages:\n- ▸id"),
            Edit(lesson, "guideType: markdown", "guideType: jupyter")
        ),
        .edit(
            "guide-empty",
            Edit(second, "- description: Only", "- ▸description: Only"),
            Edit("lessons/second/stage0/guide.md", "# Only", "")
        ),
        .edit("config-missing", Edit(second, "image: utility", "image: utility\n  configurationType: ▸ansible")),
        .edit("config-ambiguous", Edit(lesson, "configurationType: python", "configurationType: ▸python"))
            .adding("lessons/tools/first/stage1/configs/other/linux-1.py"),
        .edit("config-ambiguous", Edit(lesson, "configurationType: napalm", "configurationType: ▸napalm"))
            .adding("lessons/tools/first/stage1/configs/vqfx-1-eos.txt"),
        .edit("config-driver-unknown", Edit(second, "image: utility", "image: utility\n  configurationType: ▸napalm"))
            .adding("lessons/second/stage0/configs/linux1-vyos.txt"),
        .edit("config-unused", Edit(second, "name: linux1", "name: ▸linux1"))
            .adding("lessons/second/stage0/configs/linux1.yaml"),
        .edit("objectives-empty", Edit(lesson, "objectives:\n    - Do this\n    - Do that\n", "objectives: ▸[]\n"))
            .removing("lessons/tools/first/stage1/objectives"),
        .edit("objectives-empty", Edit(second, "guideType: markdown", "verification:\n    ▸completeMessage: Done")),
        .edit("objective-script-missing", Edit(lesson, "- Do that\n", "- Do that\n    - ▸Do more\n")),
        .edit("objective-script-unused", Edit(lesson, "- id: 1", "- ▸id: 1"))
            .adding("lessons/tools/first/stage1/objectives/objective2.py"),
    ]

    static let catalogueFaults: [Fault] = [
        .edit(
            "collection-slug-invalid",
            Edit(collection, "slug: acme", "slug: ▸Acme!"),
            Edit(lesson, "collection: acme\n", "")
        ),
        .edit("collection-slug-duplicate", Edit(collection, "slug: acme", "slug: acme"))
            .adding("collections/other/collection.meta.yaml", GoodCurriculum.files[collection] ?? "", at: ":1:7"),
        .edit(
            "image-slug-invalid",
            Edit("images/router/image.meta.yaml", "slug: router", "slug: ▸rou/ter"),
            Edit(lesson, "image: router", "image: utility")
        ),
        .edit(
            "image-slug-uppercase",
            Edit("images/router/image.meta.yaml", "slug: router", "slug: ▸Router"),
            Edit(lesson, "image: router", "image: Router")
        ),
        .edit(
            "image-slug-duplicate",
            Edit(image, "slug: utility", "slug: ▸router"),
            Edit(lesson, "image: utility", "image: router"),
            Edit(lesson, "image: utility", "image: router"),
            Edit(second, "image: utility", "image: router")
        ),
        .edit("interface-name-invalid", Edit(image, "[net0, net1]", "[net0, ▸eth0]")),
        .edit("interface-name-invalid", Edit(image, "[net0, net1]", "[net0, ▸'']")),
        .edit("interface-name-invalid", Edit(image, "[net0, net1]", "[net0, ▸a/b]")),
        .edit("interface-name-duplicate", Edit(image, "[net0, net1]", "[net0, ▸net0]")),
        .edit(
            "field-missing",
            Edit(image, "slug: utility\n", "▸"),
            Edit(lesson, "image: utility", "image: router"),
            Edit(lesson, "image: utility", "image: router"),
            Edit(second, "image: utility", "image: router")
        ),
    ]
}

extension Fault {
    /// The same fault after one more file is written; the problem is with that file where `place` is given.
    fileprivate func adding(_ path: String, _ text: String = "x", at place: String? = nil) -> Fault {
        Fault(rule: rule, file: place == nil ? file : path, place: place ?? self.place, limits: limits) { sandbox in
            try plant(sandbox)
            try sandbox.write(path, text)
        }
    }

    fileprivate func adding(_ path: String, bytes: [UInt8]) -> Fault {
        Fault(rule: rule, file: file, place: place, limits: limits) { sandbox in
            try plant(sandbox)
            try sandbox.write(path, bytes)
        }
    }

    fileprivate func removing(_ path: String) -> Fault {
        Fault(rule: rule, file: file, place: place, limits: limits) { sandbox in
            try plant(sandbox)
            try sandbox.remove(path)
        }
    }
}
