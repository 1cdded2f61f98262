import CurriculumFiles
import Testing

/// A text of a file of the good curriculum, and what comes in its place.
struct Edit: Sendable {
    let file: String
    let old: String
    let new: String

    init(_ file: String, _ old: String, _ new: String) {
        self.file = file
        self.old = old
        self.new = new
    }
}

/// A fault planted into the good curriculum, and the one problem that it must come to.
struct Fault: Sendable, CustomTestStringConvertible {
    let rule: String
    let file: String
    let place: String
    let limits: CurriculumLimits
    let plant: @Sendable (Sandbox) throws -> Void

    /// Texts replaced by others. The problem is where one of the new texts has a `▸`, which is not written; without
    /// any, it is with the first file as a whole.
    static func edit(_ rule: String, _ edits: Edit..., limits: CurriculumLimits = CurriculumLimits()) -> Fault {
        var files = GoodCurriculum.files
        for edit in edits { files[edit.file] = files[edit.file]?.replacingFirst(edit.old, with: edit.new) }
        var file = edits.first?.file ?? ""
        var place = ""
        for (name, text) in files {
            guard let mark = text.firstRange(of: "▸") else { continue }
            let before = text[..<mark.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
            file = name
            place = ":\(before.count):\((before.last?.unicodeScalars.count ?? 0) + 1)"
            files[name] = text.replacingFirst("▸", with: "")
        }
        let changed = files
        return Fault(rule: rule, file: file, place: place, limits: limits) { sandbox in
            for (name, text) in changed where text != GoodCurriculum.files[name] { try sandbox.write(name, text) }
        }
    }

    /// Something else done to the files; `place` is empty where the problem is with the file as a whole.
    static func change(
        _ rule: String,
        _ file: String,
        place: String = "",
        limits: CurriculumLimits = CurriculumLimits(),
        _ plant: @escaping @Sendable (Sandbox) throws -> Void
    ) -> Fault {
        Fault(rule: rule, file: file, place: place, limits: limits, plant: plant)
    }

    var testDescription: String { "\(rule) in \(file)\(place)" }
}
