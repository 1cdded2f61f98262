import AntidoteCore
import AntidoteLessons

/// One lesson while the curriculum is put together: its draft, what was found about it, and the lesson if it is one.
struct LessonEntry {
    let directory: String
    let draft: LessonDraft?
    var findings: Findings
    /// Without regard to findings: whoever takes it looks at those first.
    let lesson: Lesson?

    /// Reads and checks everything about a lesson that needs no other part of the curriculum.
    init(
        _ scanned: ScannedLesson,
        in root: CurriculumDirectory,
        guideSize: Int,
        document: YAMLNode?,
        findings: Findings
    ) {
        directory = scanned.directory
        var decoder = LessonDecoder(findings: findings)
        guard let document, let draft = decoder.decode(document) else {
            self.draft = nil
            self.findings = decoder.findings
            lesson = nil
            return
        }
        var endpoints = EndpointChecks(findings: decoder.findings)
        endpoints.check(draft)
        var connections = ConnectionChecks(findings: endpoints.findings)
        let links = connections.check(draft)
        var stages = StageChecks(scanned, in: root, guideSize: guideSize, findings: connections.findings)
        let steps = stages.check(draft)
        self.draft = draft
        self.findings = scanned.isCut ? connections.findings : stages.findings
        lesson = LessonEntry.lesson(draft, stages: steps, connections: links, directory: scanned.directory)
    }

    private static func lesson(
        _ draft: LessonDraft,
        stages: [LessonStage],
        connections: [LessonConnection],
        directory: String
    ) -> Lesson? {
        guard let slug = draft.slug, let category = draft.category, let tier = draft.tier else { return nil }
        return Lesson(
            slug: slug.value,
            name: draft.name,
            description: draft.description,
            shortDescription: draft.shortDescription,
            category: category.value,
            tier: tier.value,
            collection: draft.collection?.value,
            diagram: draft.diagram,
            video: draft.video,
            prereqs: draft.prereqs.map(\.value),
            tags: draft.tags,
            authors: draft.authors,
            stages: stages,
            endpoints: draft.endpoints.compactMap(endpoint),
            connections: connections,
            readyDelay: draft.readyDelay,
            directory: directory
        )
    }

    private static func endpoint(_ draft: EndpointDraft) -> LessonEndpoint? {
        guard let name = draft.name, let image = draft.image else { return nil }
        return LessonEndpoint(
            name: name.value,
            image: image.value,
            configurationKind: draft.configurationKind?.value,
            additionalPorts: draft.additionalPorts,
            presentations: draft.presentations.compactMap { draft in
                guard let name = draft.name, let port = draft.port, let kind = draft.kind else { return nil }
                return Presentation(name: name.value, port: port, kind: kind)
            }
        )
    }
}
