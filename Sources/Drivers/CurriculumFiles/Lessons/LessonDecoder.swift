import AntidoteCore
import AntidoteLessons

/// Makes a draft of what a `lesson.meta.yaml` says.
struct LessonDecoder {
    var findings: Findings

    mutating func decode(_ node: YAMLNode) -> LessonDraft? {
        guard let fields = FieldReader(node, as: LessonFields.shape, findings: &findings) else { return nil }
        var draft = LessonDraft(location: fields.location)
        draft.slug = fields.text(LessonFields.slug, &findings)
        draft.name = fields.text(LessonFields.name, &findings)?.value ?? ""
        draft.description = fields.text(LessonFields.description, &findings)?.value ?? ""
        draft.shortDescription = fields.text(LessonFields.shortDescription, &findings)?.value ?? ""
        draft.category = fields.choice(LessonFields.category, &findings)
        draft.tier = fields.choice(LessonFields.tier, &findings)
        draft.collection = fields.text(LessonFields.collection, &findings)
        draft.diagram = fields.text(LessonFields.diagram, &findings)?.value
        draft.video = fields.text(LessonFields.video, &findings)?.value
        draft.prereqs = fields.texts(LessonFields.prereqs, &findings)
        draft.tags = fields.texts(LessonFields.tags, &findings).map(\.value)
        draft.authors = fields.list(LessonFields.authors, &findings).compactMap { author($0) }
        draft.stages = fields.list(LessonFields.stages, &findings).compactMap { stage($0) }
        draft.endpoints = fields.list(LessonFields.endpoints, &findings).compactMap { endpoint($0) }
        draft.connections = fields.list(LessonFields.connections, &findings).compactMap { connection($0) }
        draft.readyDelay = readyDelay(fields)
        return draft
    }

    private mutating func readyDelay(_ fields: FieldReader) -> Duration {
        guard let seconds = fields.integer(LessonFields.readyDelay, &findings) else { return .zero }
        let range = LessonFields.readyDelay.content.range
        return .seconds(min(max(range.lowerBound, seconds.value), range.upperBound))
    }

    private mutating func author(_ node: YAMLNode) -> Author? {
        guard let fields = FieldReader(node, as: AuthorFields.shape, findings: &findings),
            let name = fields.text(AuthorFields.name, &findings)
        else { return nil }
        return Author(name: name.value, link: fields.text(AuthorFields.link, &findings)?.value ?? "")
    }

    private mutating func stage(_ node: YAMLNode) -> StageDraft? {
        guard let fields = FieldReader(node, as: StageFields.shape, findings: &findings) else { return nil }
        var stage = StageDraft(location: fields.location)
        stage.description = fields.text(StageFields.description, &findings)?.value ?? ""
        stage.guideKind = fields.choice(StageFields.guideType, &findings)?.value ?? .markdown
        stage.video = fields.text(StageFields.stageVideo, &findings)?.value
        if let verification = fields.group(StageFields.verification, &findings) {
            stage.objectives = verification.texts(VerificationFields.objectives, &findings)
            stage.completeMessage = verification.text(VerificationFields.completeMessage, &findings)?.value
        }
        return stage
    }

    private mutating func endpoint(_ node: YAMLNode) -> EndpointDraft? {
        guard let fields = FieldReader(node, as: EndpointFields.shape, findings: &findings) else { return nil }
        var endpoint = EndpointDraft(location: fields.location)
        endpoint.name = fields.text(EndpointFields.name, &findings)
        endpoint.image = fields.text(EndpointFields.image, &findings)
        endpoint.configurationKind = fields.choice(EndpointFields.configurationType, &findings)
        endpoint.additionalPorts = fields.integers(EndpointFields.additionalPorts, &findings).compactMap(port)
        endpoint.presentations = fields.list(EndpointFields.presentations, &findings).compactMap { presentation($0) }
        endpoint.hasPorts = fields.hasAlternative
        return endpoint
    }

    private mutating func presentation(_ node: YAMLNode) -> PresentationDraft? {
        guard let fields = FieldReader(node, as: PresentationFields.shape, findings: &findings) else { return nil }
        var presentation = PresentationDraft(location: fields.location)
        presentation.name = fields.text(PresentationFields.name, &findings)
        presentation.port = fields.integer(PresentationFields.port, &findings).flatMap(port)
        presentation.kind = fields.choice(PresentationFields.type, &findings)?.value
        return presentation
    }

    /// A port in its range; what is beyond it is a finding already.
    private func port(_ number: Located<Int>) -> UInt16? {
        Whole.port.range.contains(number.value) ? UInt16(exactly: number.value) : nil
    }

    private mutating func connection(_ node: YAMLNode) -> ConnectionDraft? {
        guard let fields = FieldReader(node, as: ConnectionFields.shape, findings: &findings) else { return nil }
        var connection = ConnectionDraft(location: fields.location)
        connection.a = fields.text(ConnectionFields.a, &findings)
        connection.b = fields.text(ConnectionFields.b, &findings)
        connection.subnet = fields.text(ConnectionFields.subnet, &findings)
        return connection
    }
}
