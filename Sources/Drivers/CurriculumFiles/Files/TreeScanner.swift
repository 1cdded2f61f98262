/// Walks through a part of a curriculum, finds its `*.meta.yaml` files and the files of its lessons, reads none of them.
struct TreeScanner {
    let root: CurriculumDirectory
    let limits: CurriculumLimits
    /// `lesson.meta.yaml`, or whatever describes what the part holds.
    let metaName: String
    /// Whether all files below a description belong to it, as a lesson's do.
    let keepsFiles: Bool

    private(set) var metaFiles: [ScannedFile] = []
    private(set) var lessons: [ScannedLesson] = []
    private(set) var problems: [Problem] = []
    /// Files and directories seen.
    private(set) var entryCount = 0
    /// Whether there are more, which are left alone.
    private var isExhausted = false

    init(root: CurriculumDirectory, limits: CurriculumLimits, metaName: String, keepsFiles: Bool) {
        self.root = root
        self.limits = limits
        self.metaName = metaName
        self.keepsFiles = keepsFiles
    }

    /// Walks through `path` and all below. A part that is not there holds nothing.
    mutating func scan(_ path: String) {
        let depth = path.pathParts.count
        do {
            let directory = try root.open(path, directory: true)
            walk(directory, at: path, depth: depth, lesson: nil)
        } catch .missing {
            return
        } catch .notAFile {
            add(.notAFile, path, "“\(path)” is not a directory")
        } catch {
            add(.directoryUnreadable, path, "“\(path)” \(error.explanation)")
        }
    }

    private mutating func walk(_ directory: borrowing Descriptor, at path: String, depth: Int, lesson outer: Int?) {
        guard !isExhausted else {
            if let outer { (lessons[outer].isBroken, lessons[outer].isCut) = (true, true) }
            return
        }
        let listing: DirectoryListing
        do {
            listing = try DirectoryListing(directory, limit: limits.curriculumFiles - entryCount)
        } catch {
            add(.directoryUnreadable, path, "“\(path)” \(error.explanation)", lesson: outer)
            return
        }
        entryCount += listing.names.count + listing.invalidNames.count
        if listing.isCut {
            isExhausted = true
            add(.curriculumTooLarge, path, "there are more than \(limits.curriculumFiles) files", lesson: outer)
        }
        let lesson = listing.names.contains(metaName) ? begin(directory, at: path, within: outer) : outer
        if keepsFiles {
            for name in listing.invalidNames {
                add(.fileNameInvalid, path, "the name “\(name)” cannot be used", lesson: lesson)
            }
            reportClashes(listing.names, in: path, lesson: lesson)
        }
        for name in listing.names {
            visit(name, in: directory, at: path, depth: depth, lesson: lesson)
        }
    }

    private mutating func visit(
        _ name: String,
        in directory: borrowing Descriptor,
        at parent: String,
        depth: Int,
        lesson: Int?
    ) {
        let path = parent + "/" + name
        guard path.utf8.count <= 1000 else {
            add(.fileNameInvalid, parent, "a path in “\(parent.prefix(80))” is too long", lesson: lesson)
            return
        }
        if let lesson, !count(entryOf: lesson) { return }
        switch directory.status(of: name)?.kind {
        case .directory:
            descend(into: path, depth: depth + 1, lesson: lesson)
        case .regular, .link, .special:
            // Elsewhere than in lessons only descriptions are ever opened: the rest may be what it likes.
            guard keepsFiles || name == metaName else { return }
            do {
                keep(try file(at: path, named: name, in: directory), name: name, lesson: lesson)
            } catch {
                add(error.rule, path, "“\(path)” \(error.explanation)", lesson: lesson)
            }
        case nil:
            return
        }
    }

    private mutating func descend(into path: String, depth: Int, lesson: Int?) {
        guard depth <= limits.depth else {
            add(.directoryTooDeep, path, "“\(path)” is more than \(limits.depth) directories deep", lesson: lesson)
            return
        }
        do {
            let directory = try root.open(path, directory: true)
            walk(directory, at: path, depth: depth, lesson: lesson)
        } catch {
            add(.directoryUnreadable, path, "“\(path)” \(error.explanation)", lesson: lesson)
        }
    }

    private func file(
        at path: String,
        named name: String,
        in directory: borrowing Descriptor
    ) throws(FileFault) -> ScannedFile {
        guard let status = directory.status(of: name) else { throw .missing }
        switch status.kind {
        case .regular:
            return ScannedFile(path: path, source: path, size: status.size, isExecutable: status.isExecutable)
        case .link:
            let target = try root.target(ofLink: path)
            return ScannedFile(
                path: path,
                source: target.path,
                size: target.status.size,
                isExecutable: target.status.isExecutable
            )
        case .special: throw .special
        case .directory: throw .notAFile
        }
    }

    /// Begins the lesson at `path`; the place of the one outside where the description cannot be had.
    private mutating func begin(_ directory: borrowing Descriptor, at path: String, within outer: Int?) -> Int? {
        let metaPath = path + "/" + metaName
        guard let metaFile = try? file(at: metaPath, named: metaName, in: directory) else { return outer }
        metaFiles.append(metaFile)
        guard keepsFiles else { return outer }
        if let outer {
            let other = lessons[outer].directory
            problems.append(Problem(.lessonNested, file: metaPath, "this lesson lies within that in “\(other)”"))
        }
        lessons.append(ScannedLesson(directory: path, metaFile: metaFile))
        return lessons.count - 1
    }

    private mutating func keep(_ file: ScannedFile, name: String, lesson: Int?) {
        guard let lesson else { return }
        let directory = lessons[lesson].directory
        lessons[lesson].files[file.path.dropping(bytes: directory.utf8.count + 1)] = file
        let before = lessons[lesson].size
        // Sizes are what the file system says, and sparse files claim a lot.
        lessons[lesson].size = before.addingReportingOverflow(file.size).partialValue
        if before <= limits.lessonSize, lessons[lesson].size > limits.lessonSize || lessons[lesson].size < before {
            lessons[lesson].size = Int.max / 2
            let message =
                "the files of this lesson have more than \(limits.lessonSize) bytes, counted to “\(file.path)”"
            add(.lessonTooLarge, lessons[lesson].metaFile.path, message, lesson: lesson)
        }
    }

    /// Whether the lesson may have one entry more.
    private mutating func count(entryOf lesson: Int) -> Bool {
        lessons[lesson].entryCount += 1
        if lessons[lesson].entryCount == limits.lessonFiles + 1 {
            let message = "this lesson has more than \(limits.lessonFiles) files and directories"
            add(.lessonTooManyFiles, lessons[lesson].metaFile.path, message, lesson: lesson)
        }
        return lessons[lesson].entryCount <= limits.lessonFiles
    }

    private mutating func reportClashes(_ names: [String], in path: String, lesson: Int?) {
        var seen: [String: String] = [:]
        for name in names {
            if let other = seen.updateValue(name, forKey: name.lowercased()) {
                let message = "“\(path)/\(name)” and “\(other)” are the same name on many file systems"
                add(.fileCaseClash, path + "/" + name, message, lesson: lesson)
            }
        }
    }

    private mutating func add(_ rule: Rule, _ path: String, _ message: String, lesson: Int? = nil) {
        if let lesson, rule.severity == .error {
            lessons[lesson].isBroken = true
            if rule == .lessonTooManyFiles || rule == .curriculumTooLarge { lessons[lesson].isCut = true }
        }
        problems.append(Problem(rule, file: path, message))
    }
}
