import AntidoteCore
import AntidoteLessons

/// Looks at what lessons say about other parts of the curriculum: images, collections and each other.
struct LessonReferences {
    /// Slugs that are written down, even where something else is wrong with what they name: one fault, one problem.
    let images: Set<String>
    let collections: Set<String>

    func check(_ entries: inout [LessonEntry]) {
        var bySlug: [String: Int] = [:]
        for index in entries.indices {
            guard let slug = entries[index].draft?.slug else { continue }
            if let first = bySlug[slug.value] {
                let message =
                    "the lesson in “\(entries[first].directory)” has the slug “\(slug.value.prefix(80))” already"
                entries[index].findings.add(.lessonSlugDuplicate, at: slug.location, message)
            } else {
                bySlug[slug.value] = index
            }
        }
        for index in entries.indices {
            guard let draft = entries[index].draft else { continue }
            checkCatalogue(draft, &entries[index].findings)
            checkPrerequisites(draft, index, bySlug, &entries)
        }
        reportCycles(bySlug, &entries)
    }

    private func checkCatalogue(_ draft: LessonDraft, _ findings: inout Findings) {
        for image in draft.endpoints.compactMap(\.image) where !images.contains(image.value) {
            let near = findings.isFull ? nil : NearestWord.to(image.value, among: images.sorted())
            let message = "there is no image “\(image.value.prefix(80))”"
            findings.add(.imageUnknown, at: image.location, message, advice: near.map { "Did you mean “\($0)”?" })
        }
        if let collection = draft.collection, !collections.contains(collection.value) {
            let near = NearestWord.to(collection.value, among: collections.sorted())
            let message = "there is no collection “\(collection.value.prefix(80))”"
            let advice = near.map { "Did you mean “\($0)”?" }
            findings.add(.collectionUnknown, at: collection.location, message, advice: advice)
        }
    }

    private func checkPrerequisites(
        _ draft: LessonDraft,
        _ index: Int,
        _ bySlug: [String: Int],
        _ entries: inout [LessonEntry]
    ) {
        for prereq in draft.prereqs {
            guard let other = bySlug[prereq.value] else {
                let message = "there is no lesson “\(prereq.value.prefix(80))”"
                entries[index].findings.add(.prereqUnknown, at: prereq.location, message)
                continue
            }
            guard let own = draft.tier?.value, let theirs = entries[other].draft?.tier?.value else { continue }
            if LessonReferences.reach(theirs) < LessonReferences.reach(own) {
                let message = "“\(prereq.value)” is of tier \(theirs.rawValue), this lesson of tier \(own.rawValue)"
                entries[index].findings.add(.prereqTier, at: prereq.location, message)
            }
        }
    }

    private func reportCycles(_ bySlug: [String: Int], _ entries: inout [LessonEntry]) {
        var prerequisites: [String: [String]] = [:]
        for (slug, index) in bySlug {
            prerequisites[slug] = entries[index].draft?.prereqs.map(\.value).filter { bySlug[$0] != nil } ?? []
        }
        for cycle in PrerequisiteGraph(prerequisites: prerequisites).cycles() {
            let members = Set(cycle)
            let shown = cycle.prefix(5).joined(separator: ", ") + (cycle.count > 5 ? ", …" : "")
            for slug in cycle {
                guard let index = bySlug[slug], let draft = entries[index].draft,
                    let prereq = draft.prereqs.first(where: { members.contains($0.value) })
                else { continue }
                let message = cycle.count == 1 ? "“\(slug)” needs itself" : "these need each other: \(shown)"
                entries[index].findings.add(.prereqCycle, at: prereq.location, message)
            }
        }
    }

    /// How many see a lesson of this tier: everybody sees `prod`.
    private static func reach(_ tier: Tier) -> Int {
        switch tier {
        case .local: 0
        case .ptr: 1
        case .prod: 2
        }
    }
}
