import AntidoteCore

extension StoreMutant {
    static let teaching: [StoreMutant] = [
        StoreMutant("has a curriculum before the first import", ["lessons/none"]) {
            $0.currentCurriculum = { base in try await base.currentCurriculum() ?? Curriculum() }
        },
        StoreMutant("imports no files", ["lessons/import", "lessons/any-bytes"]) {
            $0.currentEdition = { base, slug in
                var edition = try await base.currentEdition(of: slug)
                edition.files = .empty
                return edition
            }
        },
        StoreMutant("tells the curriculum that it read before", ["lessons/replace"]) {
            let read = Kept<Curriculum?>(nil)
            $0.currentCurriculum = { base in
                if let curriculum = read.value { return curriculum }
                let curriculum = try await base.currentCurriculum()
                read.change { $0 = curriculum }
                return curriculum
            }
        },
        StoreMutant("gives what runs the current edition", ["lessons/old-kept", "lessons/forgotten"]) {
            $0.edition = { base, slug, _ in try await base.currentEdition(of: slug) }
        },
        StoreMutant("imports what is current once more", ["lessons/same"]) {
            $0.replaceCurriculum = { base, edition in
                if try await base.currentCurriculum() != nil {
                    var other = edition.curriculum
                    other.version += "-again"
                    try await base.replaceCurriculum(with: CurriculumEdition(curriculum: other, files: edition.files))
                }
                try await base.replaceCurriculum(with: edition)
            }
        },
        StoreMutant("imports nothing twice", ["lessons/back"]) {
            let versions = Kept<Set<String>>([])
            $0.replaceCurriculum = { base, edition in
                if versions.change({ $0.insert(edition.curriculum.version).inserted }) {
                    try await base.replaceCurriculum(with: edition)
                }
            }
        },
        StoreMutant("takes files for texts", ["lessons/any-bytes"]) {
            $0.currentEdition = { base, slug in
                var edition = try await base.currentEdition(of: slug)
                edition.files = try FileSet(
                    edition.files.entries.map { file in
                        var file = file
                        file.contents = Array(String(decoding: file.contents, as: UTF8.self).utf8)
                        return file
                    }
                )
                return edition
            }
        },
        StoreMutant("does not help who looks for a lesson", ["lessons/missing", "lessons/none"]) {
            $0.currentEdition = { base, slug in
                do {
                    return try await base.currentEdition(of: slug)
                } catch let error as AntidoteError {
                    throw AntidoteError(error.code, error.message)
                }
            }
        },
    ]
}
