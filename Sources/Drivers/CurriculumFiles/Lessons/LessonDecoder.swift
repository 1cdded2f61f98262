import AntidoteCore

/// Makes a draft of what a `lesson.meta.yaml` says.
struct LessonDecoder {
    /// The longest ready delay that is kept: a lab that is not ready by then is given up anyway.
    static let longestReadyDelay = 600

    var findings: Findings

    mutating func decode(_ node: YAMLNode) -> LessonDraft? {
        let known = [
            "slug", "name", "description", "shortDescription", "category", "tier", "collection", "diagram", "video",
            "prereqs", "tags", "authors", "stages", "endpoints", "connections", "readyDelay",
        ]
        guard let fields = FieldReader(node, subject: "a lesson", known: known, findings: &findings) else { return nil }
        var draft = LessonDraft(location: fields.location)
        draft.slug = fields.text("slug", .required, &findings)
        draft.name = fields.text("name", .required, &findings)?.value ?? ""
        draft.description = fields.text("description", .expected, &findings)?.value ?? ""
        draft.shortDescription = fields.text("shortDescription", .expected, &findings)?.value ?? ""
        draft.category = fields.choice("category", of: Lesson.Category.self, .required, &findings)
        draft.tier = fields.choice("tier", of: Tier.self, .required, &findings)
        draft.collection = fields.text("collection", .optional, &findings)
        draft.diagram = fields.text("diagram", .optional, &findings)?.value
        draft.video = fields.text("video", .optional, &findings)?.value
        draft.prereqs = fields.texts("prereqs", &findings)
        draft.tags = fields.texts("tags", &findings).map(\.value)
        draft.authors = fields.list("authors", .optional, &findings).compactMap { author($0) }
        draft.stages = fields.list("stages", .required, limit: 128, &findings).compactMap { stage($0) }
        draft.endpoints = fields.list("endpoints", .required, limit: 128, &findings).compactMap { endpoint($0) }
        draft.connections = fields.list("connections", .optional, &findings).compactMap { connection($0) }
        draft.readyDelay = readyDelay(fields)
        if let slug = draft.slug, !Names.isSlug(slug.value) {
            findings.add(.lessonSlugInvalid, at: slug.location, "“\(slug.value.prefix(80))” cannot be a lesson's slug")
        }
        return draft
    }

    private mutating func readyDelay(_ fields: FieldReader) -> Duration {
        guard let seconds = fields.integer("readyDelay", .optional, &findings) else { return .zero }
        if seconds.value < 0 {
            findings.add(.readyDelayNegative, at: seconds.location, "a ready delay of \(seconds.value) s is below zero")
        } else if seconds.value > LessonDecoder.longestReadyDelay {
            findings.add(.readyDelayLong, at: seconds.location, "a ready delay of \(seconds.value) s is too long")
        }
        return .seconds(min(max(0, seconds.value), LessonDecoder.longestReadyDelay))
    }

    private mutating func author(_ node: YAMLNode) -> Author? {
        guard
            let fields = FieldReader(node, subject: "an author", known: ["name", "link"], findings: &findings),
            let name = fields.text("name", .expected, &findings)
        else { return nil }
        return Author(name: name.value, link: fields.text("link", .optional, &findings)?.value ?? "")
    }

    private mutating func stage(_ node: YAMLNode) -> StageDraft? {
        // Stages used to be numbered by an `id` of their own: it may stay, though only the order counts.
        let known = ["description", "guideType", "stageVideo", "verification", "id"]
        guard let fields = FieldReader(node, subject: "a stage", known: known, findings: &findings) else { return nil }
        var stage = StageDraft(location: fields.location)
        stage.description = fields.text("description", .optional, &findings)?.value ?? ""
        stage.guideKind = fields.choice("guideType", of: Guide.Kind.self, .optional, &findings)?.value ?? .markdown
        stage.video = fields.text("stageVideo", .optional, &findings)?.value
        if let verification = fields.value("verification", .optional, &findings) {
            decode(verification: verification, into: &stage)
        }
        return stage
    }

    private mutating func decode(verification node: YAMLNode, into stage: inout StageDraft) {
        let known = ["objectives", "completeMessage"]
        guard let fields = FieldReader(node, subject: "a verification", known: known, findings: &findings) else {
            return
        }
        let objectives = fields.list("objectives", .optional, &findings)
        for objective in objectives {
            guard case .scalar(let text, _) = objective.content, !text.isEmpty, !objective.isNull else {
                findings.add(.wrongType, at: objective.location, "an objective is a text, not \(objective.kind)")
                continue
            }
            stage.objectives.append(Located(value: text, location: objective.location))
        }
        if objectives.isEmpty {
            findings.add(.objectivesEmpty, at: fields.location(of: "objectives"), "this verification has no objectives")
        }
        stage.completeMessage = fields.text("completeMessage", .optional, &findings)?.value
    }

    private mutating func endpoint(_ node: YAMLNode) -> EndpointDraft? {
        let known = ["name", "image", "configurationType", "additionalPorts", "presentations"]
        guard let fields = FieldReader(node, subject: "an endpoint", known: known, findings: &findings) else {
            return nil
        }
        var endpoint = EndpointDraft(location: fields.location)
        endpoint.name = fields.text("name", .required, &findings)
        endpoint.image = fields.text("image", .required, &findings)
        endpoint.configurationKind = fields.choice(
            "configurationType",
            of: LessonConfiguration.Kind.self,
            .optional,
            &findings
        )
        for node in fields.list("additionalPorts", .optional, &findings) {
            endpoint.hasPorts = true
            if let number = node.integer {
                if let port = port(Located(value: number, location: node.location)) {
                    endpoint.additionalPorts.append(port)
                }
            } else {
                findings.add(.wrongTypeIgnored, at: node.location, "a port is a whole number, not \(node.kind)")
            }
        }
        for node in fields.list("presentations", .optional, &findings) {
            endpoint.hasPorts = true
            if let presentation = presentation(node) { endpoint.presentations.append(presentation) }
        }
        return endpoint
    }

    private mutating func presentation(_ node: YAMLNode) -> PresentationDraft? {
        let known = ["name", "port", "type"]
        guard let fields = FieldReader(node, subject: "a presentation", known: known, findings: &findings) else {
            return nil
        }
        var presentation = PresentationDraft(location: fields.location)
        presentation.name = fields.text("name", .required, &findings)
        presentation.port = fields.integer("port", .required, &findings).flatMap { port($0) }
        presentation.kind = fields.choice("type", of: Presentation.Kind.self, .required, &findings)?.value
        return presentation
    }

    private mutating func port(_ number: Located<Int>) -> UInt16? {
        if let port = UInt16(exactly: number.value), port > 0 { return port }
        findings.add(.portOutOfRange, at: number.location, "\(number.value) is not a port")
        return nil
    }

    private mutating func connection(_ node: YAMLNode) -> ConnectionDraft? {
        let known = ["a", "b", "subnet"]
        guard let fields = FieldReader(node, subject: "a connection", known: known, findings: &findings) else {
            return nil
        }
        var connection = ConnectionDraft(location: fields.location)
        connection.a = fields.text("a", .required, &findings)
        connection.b = fields.text("b", .required, &findings)
        connection.subnet = fields.text("subnet", .optional, &findings)
        return connection
    }
}
