import AntidoteCore
import AntidoteLessons

/// Finds the files that the stages of a lesson need: guides, configurations and scripts that check objectives.
struct StageChecks {
    /// The files of one stage's `configs` or `objectives` by their own names; below `configs` they may lie anywhere.
    private struct StageFiles {
        var configs: [String: [String]] = [:]
        var objectives: Set<String> = []
    }

    let root: CurriculumDirectory
    let guideSize: Int
    let files: [String: ScannedFile]
    var findings: Findings
    /// The endpoint that a file seems to be meant for, by the file's own name.
    private var likelyOwners: [String: Located<String>] = [:]

    init(_ lesson: ScannedLesson, in root: CurriculumDirectory, guideSize: Int, findings: Findings) {
        self.root = root
        self.guideSize = guideSize
        files = lesson.files
        self.findings = findings
    }

    /// The stages, as far as their files are there.
    mutating func check(_ draft: LessonDraft) -> [LessonStage] {
        var byStage: [Int: StageFiles] = [:]
        for path in files.keys { StageChecks.sort(path, into: &byStage) }
        for name in draft.endpoints.compactMap(\.name) where NamePattern.endpoint.accepts(name.value) {
            for file in ConfigurationName.all(about: name.value) where likelyOwners[file] == nil {
                likelyOwners[file] = name
            }
        }
        var stages: [LessonStage] = []
        for (number, stage) in draft.stages.enumerated() {
            let files = byStage[number] ?? StageFiles()
            stages.append(
                LessonStage(
                    description: stage.description,
                    guide: guide(of: stage, number: number),
                    video: stage.video,
                    configurations: configurations(draft.endpoints, stage: number, files: files.configs),
                    objectives: objectives(of: stage, number: number, scripts: files.objectives),
                    completeMessage: stage.completeMessage
                )
            )
        }
        return stages
    }

    private mutating func guide(of stage: StageDraft, number: Int) -> Guide {
        let names = [Guide.Kind.markdown: "guide.md", .jupyter: "guide.ipynb"]
        let path = "stage\(number)/\(names[stage.guideKind] ?? "guide.md")"
        if let file = files[path] {
            check(guide: file, path, at: stage.location)
        } else {
            let other = names.first { $0.key != stage.guideKind && files["stage\(number)/\($0.value)"] != nil }
            findings.add(
                .guideMissing,
                at: stage.location,
                "stage \(number) has no guide: “\(path)” is not there",
                advice: other.map { "There is a “\($0.value)”: for that, write `guideType: \($0.key.rawValue)`." }
            )
        }
        return Guide(kind: stage.guideKind, path: path)
    }

    private mutating func check(guide file: ScannedFile, _ path: String, at location: Location) {
        do {
            let bytes = try root.read(file.source, limit: guideSize)
            if bytes.isEmpty {
                findings.add(.guideEmpty, at: location, "“\(path)” is empty")
            } else if String(validating: bytes, as: UTF8.self) == nil {
                findings.add(.guideNotUTF8, at: location, "“\(path)” is not text in UTF-8")
            }
        } catch {
            findings.add(error.rule, at: location, "“\(path)” \(error.explanation)")
        }
    }

    private mutating func configurations(
        _ endpoints: [EndpointDraft],
        stage: Int,
        files: [String: [String]]
    ) -> [LessonConfiguration] {
        var configurations: [LessonConfiguration] = []
        var used: Set<String> = []
        for endpoint in endpoints {
            guard let name = endpoint.name?.value, NamePattern.endpoint.accepts(name),
                let kind = endpoint.configurationKind
            else {
                continue
            }
            let candidates = ConfigurationName.candidates(endpoint: name, kind: kind.value)
            used.formUnion(candidates.map(\.name))
            let found = candidates.flatMap { candidate in
                (files[candidate.name] ?? []).map {
                    LessonConfiguration(endpoint: name, kind: kind.value, driver: candidate.driver, path: $0)
                }
            }
            if let first = found.first, found.count == 1 {
                configurations.append(first)
            } else if found.count > 1 {
                let paths = found.map { "“\($0.path)”" }.sorted().joined(separator: " and ")
                findings.add(.configAmbiguous, at: kind.location, "“\(name)” has \(paths) in stage \(stage)")
            } else {
                reportMissing(name, kind, stage: stage, files: files)
            }
        }
        reportUnused(files.filter { !used.contains($0.key) })
        return configurations
    }

    private mutating func reportUnused(_ files: [String: [String]]) {
        for (name, paths) in files.sorted(by: { $0.key < $1.key }) {
            guard let owner = likelyOwners[name], let path = paths.min() else { continue }
            findings.add(.configUnused, at: owner.location, "“\(path)” does not configure “\(owner.value)”")
        }
    }

    private mutating func reportMissing(
        _ endpoint: String,
        _ kind: Located<LessonConfiguration.Kind>,
        stage: Int,
        files: [String: [String]]
    ) {
        let similar = files.keys.filter { ConfigurationName.isNapalm($0, for: endpoint) }
        if kind.value == .napalm, let name = similar.min() {
            let message = "“stage\(stage)/configs/\(name)” names an unknown driver"
            findings.add(.configDriverUnknown, at: kind.location, message)
            return
        }
        let wanted = ConfigurationName.description(endpoint: endpoint, kind: kind.value)
        let message =
            "“\(endpoint)” has no configuration in stage \(stage): there is no “stage\(stage)/configs/\(wanted)”"
        findings.add(.configMissing, at: kind.location, message)
    }

    private mutating func objectives(of stage: StageDraft, number: Int, scripts: Set<String>) -> [Objective] {
        var objectives: [Objective] = []
        for (index, text) in stage.objectives.enumerated() {
            let name = "objective\(index).py"
            let path = "stage\(number)/objectives/\(name)"
            if !scripts.contains(name) {
                findings.add(.objectiveScriptMissing, at: text.location, "“\(path)” is not there")
            }
            objectives.append(Objective(text: text.value, script: path))
        }
        for script in scripts.sorted() {
            guard let index = StageChecks.number(in: script, between: "objective", and: ".py"),
                index >= stage.objectives.count
            else { continue }
            let message = "“stage\(number)/objectives/\(script)” checks nothing: the stage has no objective \(index)"
            findings.add(.objectiveScriptUnused, at: stage.location, message)
        }
        return objectives
    }

    /// Files `stageN/configs/…/NAME` and `stageN/objectives/NAME` under their stage.
    private static func sort(_ path: String, into stages: inout [Int: StageFiles]) {
        let parts = path.pathParts
        guard parts.count > 2, let stage = number(in: parts[0], between: "stage", and: "") else { return }
        if parts[1] == "configs" {
            stages[stage, default: StageFiles()].configs[parts[parts.count - 1], default: []].append(path)
        } else if parts[1] == "objectives", parts.count == 3 {
            stages[stage, default: StageFiles()].objectives.insert(parts[2])
        }
    }

    private static func number(in text: String, between prefix: String, and suffix: String) -> Int? {
        guard text.hasPrefix(prefix), text.hasSuffix(suffix), text.count > prefix.count + suffix.count else {
            return nil
        }
        let digits = text.dropFirst(prefix.count).dropLast(suffix.count)
        guard let number = Int(digits), String(number) == digits else { return nil }
        return number
    }
}
