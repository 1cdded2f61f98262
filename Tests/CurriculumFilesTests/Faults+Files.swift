import CurriculumFiles

extension Faults {
    static let yamlFaults: [Fault] = [
        .change("yaml-not-utf8", GoodCurriculum.collection) { sandbox in
            let text = GoodCurriculum.files[GoodCurriculum.collection] ?? ""
            try sandbox.write(GoodCurriculum.collection, Array(text.utf8) + [0xFF, 0xFE])
            try sandbox.dropCollection()
        },
        .change("yaml-empty", GoodCurriculum.collection) { sandbox in
            try sandbox.write(GoodCurriculum.collection, "# nothing\n")
            try sandbox.dropCollection()
        },
        .edit("yaml-syntax", Edit("curriculum.meta.yaml", "description: For tests", "description: For: ▸tests"))
            .moved(":2:17"),
        .edit(
            "yaml-too-complex",
            Edit("curriculum.meta.yaml", "website: https://example.org", "website: &a x\nx: *a\n? ▸y")
        )
        .moved(":5:1"),
        .edit("yaml-duplicate-key", Edit("curriculum.meta.yaml", "website", "▸name: Other\nwebsite")).moved(":1:1"),
        .edit(
            "yaml-several-documents",
            Edit("curriculum.meta.yaml", "gitRoot: https://example.org/git", "gitRoot: x\n---\na: b")
        ),
        .edit("key-unknown", Edit(GoodCurriculum.second, "- name: linux1", "- ▸nmae: linux1\n  name: linux1")),
        .edit("key-unknown", Edit(GoodCurriculum.image, "flavor: untrusted", "flavor: untrusted\n▸capabilities: all")),
        .edit(
            "field-missing",
            Edit(GoodCurriculum.second, "slug: second\n", "▸"),
            Edit(GoodCurriculum.lesson, "prereqs: [second]\n", "")
        ),
        .edit("field-missing", Edit(GoodCurriculum.lesson, "category: tools", "category: ▸~")),
        .edit(
            "field-empty",
            Edit(GoodCurriculum.second, "description: The second lesson\n", ""),
            Edit(GoodCurriculum.second, "slug:", "▸slug:")
        ),
        .edit("wrong-type", Edit(GoodCurriculum.second, "port: 22", "port: ▸twenty-two")),
        .edit(
            "wrong-type",
            Edit(GoodCurriculum.lesson, "- Do this", "- ▸[Do this]"),
            Edit(GoodCurriculum.lesson, "    - Do that\n", "")
        )
        .without("lessons/tools/first/stage1/objectives"),
        .edit("wrong-type-ignored", Edit(GoodCurriculum.lesson, "readyDelay: 20", "readyDelay: ▸abc")),
        .edit("wrong-type-ignored", Edit(GoodCurriculum.lesson, "tags:\n- a\n- b\n", "tags: ▸a\n")),
        .edit("wrong-type-ignored", Edit(GoodCurriculum.image, "enableForwarding: true", "enableForwarding: ▸maybe")),
        .edit(
            "list-too-long",
            Edit(GoodCurriculum.lesson, "tags:\n- a\n- b\n", "tags: ▸[" + String(repeating: "a, ", count: 1001) + "]\n")
        ),
        .edit("value-unknown", Edit(GoodCurriculum.second, "type: ssh", "type: ▸shh")),
        .edit("value-unknown", Edit(GoodCurriculum.second, "guideType: markdown", "guideType: ▸word")),
    ]

    static let fileFaults: [Fault] = [
        .change("curriculum-meta-missing", ".") { try $0.remove("curriculum.meta.yaml") },
        .change("curriculum-empty", ".") { try $0.remove("lessons") },
        .change("curriculum-too-large", "lessons/tools/first/data", limits: CurriculumLimits(curriculumFiles: 25)) {
            for number in 0..<30 { try $0.write("lessons/tools/first/data/\(number)", "") }
        },
        .change("directory-too-deep", "lessons/a/b/c/d/e/f/g", limits: CurriculumLimits(depth: 7)) {
            try $0.write("lessons/a/b/c/d/e/f/g/h/file", "")
        },
        .change("file-too-large", GoodCurriculum.collection, limits: CurriculumLimits(metaFileSize: 2000)) {
            try $0.write(GoodCurriculum.collection, String(repeating: "# long\n", count: 1000))
            try $0.dropCollection()
        },
        .change("file-special", "lessons/second/pipe") { try $0.pipe("lessons/second/pipe") },
        .change("file-special", "curriculum.meta.yaml") {
            try $0.remove("curriculum.meta.yaml")
            try $0.pipe("curriculum.meta.yaml")
        },
        .change("file-special", "images/pipe/image.meta.yaml") {
            try $0.write("images/pipe/readme", "")
            try $0.pipe("images/pipe/image.meta.yaml")
        },
        .change("not-a-file", "curriculum.meta.yaml") {
            try $0.remove("curriculum.meta.yaml")
            try $0.write("curriculum.meta.yaml/file", "")
        },
        .change("symlink-outside", "curriculum.meta.yaml") {
            try $0.remove("curriculum.meta.yaml")
            try $0.link("curriculum.meta.yaml", to: "/etc/hostname")
        },
        .change("file-name-invalid", "lessons/second") { try $0.write("lessons/second/line\nbreak", "") },
        .change("file-case-clash", "lessons/second/readme") {
            try $0.write("lessons/second/README", "")
            try $0.write("lessons/second/readme", "")
        },
        .change("symlink-outside", "lessons/second/link") { try $0.link("lessons/second/link", to: "/etc/passwd") },
        .change("symlink-outside", "lessons/second/link") {
            try $0.write(".git/config", "token")
            try $0.link("lessons/second/link", to: "../../.git/config")
        },
        .change("symlink-broken", "lessons/second/link") { try $0.link("lessons/second/link", to: "nothing") },
        .change("symlink-broken", "lessons/second/link") { try $0.link("lessons/second/link", to: "link") },
        .change("not-a-file", "lessons/second/link") { try $0.link("lessons/second/link", to: "stage0") },
    ]
}

extension Fault {
    /// The same fault told about elsewhere than where it was planted.
    fileprivate func moved(_ place: String) -> Fault {
        Fault(rule: rule, file: file, place: place, limits: limits, plant: plant)
    }

    fileprivate func without(_ path: String) -> Fault {
        Fault(rule: rule, file: file, place: place, limits: limits) { sandbox in
            try plant(sandbox)
            try sandbox.remove(path)
        }
    }
}

extension Sandbox {
    /// Takes away the lesson's mention of the collection, which would be a problem of its own.
    fileprivate func dropCollection() throws {
        let text = GoodCurriculum.files[GoodCurriculum.lesson] ?? ""
        try write(GoodCurriculum.lesson, text.replacingFirst("collection: acme\n", with: ""))
    }
}
