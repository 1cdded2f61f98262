import AntidoteCore
import AntidoteLessons

/// Puts a curriculum together from its files: each by itself first, then what one says about another.
struct CurriculumAssembly {
    let root: CurriculumDirectory
    let limits: CurriculumLimits
    private var problems: [Problem] = []
    private var curriculum = Curriculum()
    /// The files that the version is made of.
    private var versioned: [FileSet.File] = []
    private var unusableLessons: [String: String] = [:]
    /// Slugs that are written down, whether or not what they name is in order.
    private var knownImages: Set<String> = []
    private var knownCollections: Set<String> = []

    init(root: CurriculumDirectory, limits: CurriculumLimits) {
        self.root = root
        self.limits = limits
    }

    mutating func read() -> CurriculumReadResult {
        readInfo()
        readCollections()
        readImages()
        readLessons()
        curriculum.version = (try? FileSet(versioned))?.digest.description ?? ""
        problems.sort()
        if problems.count > limits.problems {
            problems.removeSubrange(limits.problems...)
            problems.append(Problem(.tooManyProblems, file: ".", "more than \(limits.problems) problems"))
        }
        return CurriculumReadResult(curriculum: curriculum, problems: problems, unusableLessons: unusableLessons)
    }

    private mutating func readInfo() {
        let name = CurriculumFile.curriculum.name
        var findings = Findings(file: name)
        do {
            if let node = parse(try infoBytes(name), path: name, &findings) {
                var decoder = CatalogueDecoder(findings: findings)
                curriculum.info = decoder.curriculum(node)
                findings = decoder.findings
            }
        } catch .missing {
            findings = Findings(file: ".")
            findings.add(.curriculumMetaMissing, "there is no “\(name)”")
        } catch {
            findings.add(error.rule, "“\(name)” \(error.explanation)")
        }
        problems += findings.problems
    }

    private func infoBytes(_ name: String) throws(FileFault) -> [UInt8] {
        do {
            return try root.read(name, limit: limits.metaFileSize)
        } catch .notAFile {
            return try root.read(try root.target(ofLink: name).path, limit: limits.metaFileSize)
        }
    }

    private mutating func readCollections() {
        for file in scan("collections", metaName: CurriculumFile.collection.name, keepsFiles: false).metaFiles {
            var findings = Findings(file: file.path)
            if let node = document(file, &findings) {
                var decoder = CatalogueDecoder(findings: findings)
                let collection = decoder.collection(node)
                findings = decoder.findings
                if let collection {
                    let slug = collection.value.slug
                    if !knownCollections.insert(slug).inserted {
                        let message = "there is a collection “\(slug)” already"
                        findings.add(.collectionSlugDuplicate, at: collection.location, message)
                    }
                    if !findings.hasErrors { curriculum.collections[slug] = collection.value }
                }
            }
            problems += findings.problems
        }
    }

    private mutating func readImages() {
        for file in scan("images", metaName: CurriculumFile.image.name, keepsFiles: false).metaFiles {
            var findings = Findings(file: file.path)
            if let node = document(file, &findings) {
                var decoder = CatalogueDecoder(findings: findings)
                let image = decoder.image(node)
                findings = decoder.findings
                if let image {
                    let slug = image.value.slug
                    if !knownImages.insert(slug).inserted {
                        let message = "there is an image “\(slug)” already"
                        findings.add(.imageSlugDuplicate, at: image.location, message)
                    }
                    if !findings.hasErrors { curriculum.images[slug] = image.value }
                }
            }
            problems += findings.problems
        }
    }

    private mutating func readLessons() {
        let found = scan("lessons", metaName: CurriculumFile.lesson.name, keepsFiles: true)
        var entries: [LessonEntry] = []
        for scanned in found.lessons {
            var findings = Findings(file: scanned.metaFile.path)
            let node = document(scanned.metaFile, &findings)
            for file in scanned.files.values where file.path != scanned.metaFile.path {
                versioned.append(FileSet.File(path: file.path, mode: file.mode, contents: Array("\(file.size)".utf8)))
            }
            entries.append(
                LessonEntry(scanned, in: root, guideSize: limits.guideSize, document: node, findings: findings)
            )
        }
        let references = LessonReferences(images: knownImages, collections: knownCollections)
        references.check(&entries)
        for (entry, scanned) in zip(entries, found.lessons) {
            problems += entry.findings.problems
            if let lesson = entry.lesson, !entry.findings.hasErrors, !scanned.isBroken {
                curriculum.lessons[lesson.slug] = lesson
            } else if let slug = entry.draft?.slug?.value, unusableLessons[slug] == nil {
                unusableLessons[slug] = scanned.directory
            }
        }
        if entries.isEmpty, !problems.contains(where: { $0.file.hasPrefix("lessons") }) {
            problems.append(Problem(.curriculumEmpty, file: ".", "there is no lesson below “lessons/”"))
        }
    }

    private mutating func scan(_ path: String, metaName: String, keepsFiles: Bool) -> TreeScanner {
        var scanner = TreeScanner(root: root, limits: limits, metaName: metaName, keepsFiles: keepsFiles)
        scanner.scan(path)
        problems += scanner.problems
        return scanner
    }

    private mutating func document(_ file: ScannedFile, _ findings: inout Findings) -> YAMLNode? {
        do {
            return parse(try root.read(file.source, limit: limits.metaFileSize), path: file.path, &findings)
        } catch {
            findings.add(error.rule, "“\(file.path)” \(error.explanation)")
            return nil
        }
    }

    private mutating func parse(_ bytes: [UInt8], path: String, _ findings: inout Findings) -> YAMLNode? {
        versioned.append(FileSet.File(path: path, contents: bytes))
        do {
            let document = try YAMLLoader.load(bytes, nodeLimit: limits.yamlNodes)
            for key in document.replacedKeys {
                let message = "“\(key.value.prefix(60))” comes again in this mapping; this one is ignored"
                findings.add(.yamlDuplicateKey, at: key.location, message)
            }
            if document.isFollowed { findings.add(.yamlSeveralDocuments, "another YAML document follows the first") }
            guard let root = document.root, !root.isNull else {
                findings.add(.yamlEmpty, "“\(path)” says nothing")
                return nil
            }
            return root
        } catch {
            findings.add(error.rule, at: error.location, error.message)
            return nil
        }
    }
}
