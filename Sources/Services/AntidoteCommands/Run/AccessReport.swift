import AntidoteCore
import AntidoteLessons

/// How to reach a lab that is ready: as text for people, or as JSON for programs.
struct AccessReport {
    let edition: LessonEdition
    let stage: Int
    let backend: String
    let curriculumDirectory: String
    let provisioned: ProvisionedTopology
    let showsPasswords: Bool

    private var rows: [LessonAccess] { LessonAccess.all(of: edition, in: provisioned) }
    private var lesson: Lesson { edition.lesson }

    /// Ends in a line break.
    var text: String {
        var table = Table(["ENDPOINT", "PRESENTATION", "REACH IT"])
        for row in rows {
            table.add([row.endpoint, "\(row.presentation) (\(row.kind.rawValue))", AccessReport.way(row)])
        }
        var lines = ["", "\(lesson.name) is ready, stage \(stage): \(lesson.stages[stage].description)", ""]
        lines += table.lines.map { "  \($0)" }
        lines.append("")
        for row in rows where row.kind == .ssh {
            lines.append(
                "  \(row.endpoint): host \(row.address.host), port \(row.address.port), user \(row.user ?? ""), "
                    + "password \(password(of: row))"
            )
        }
        lines.append("  guide: \(guide)")
        if backend == "fake" { lines.append("  (fake: nobody listens at these addresses)") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One JSON object. Contains passwords only if `showsPasswords` is set. Ends in a line break.
    func json() throws -> String {
        let object = AccessObject(
            lesson: lesson.slug,
            stage: stage,
            backend: backend,
            guide: guide,
            presentations: rows.map { row in
                AccessObject.Presentation(
                    endpoint: row.endpoint,
                    presentation: row.presentation,
                    type: row.kind.rawValue,
                    host: row.address.host,
                    port: row.address.port,
                    user: row.user,
                    password: showsPasswords && row.kind == .ssh ? login(of: row)?.password : nil,
                    url: row.kind == .http ? AccessReport.way(row) : nil,
                    command: row.kind == .ssh ? AccessReport.way(row) : nil
                )
            }
        )
        return try JSONOutput.text(object)
    }

    /// Every lab has new host keys, so a client that remembered them would only report mismatches.
    private static func way(_ row: LessonAccess) -> String {
        switch row.kind {
        case .http: "http://\(row.address)/"
        case .ssh:
            "ssh -p \(row.address.port) -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "
                + "\(row.user ?? "root")@\(row.address.host)"
        }
    }

    private func password(of row: LessonAccess) -> String {
        guard let endpoint = lesson.endpoint(named: row.endpoint) else { return "" }
        if showsPasswords, let login = login(of: row) { return login.password }
        return "is sshPassword in images/\(endpoint.image)/image.meta.yaml (or add --show-passwords)"
    }

    private func login(of row: LessonAccess) -> ImageLogin? {
        lesson.endpoint(named: row.endpoint).flatMap { edition.images[$0.image]?.sshLogin }
    }

    private var guide: String {
        let guide = lesson.stages[stage].guide
        let notebooks = provisioned[endpoint: Guide.jupyterEndpointName]?.ports.first?.forOwner
        if guide.kind == .jupyter, let notebooks { return "http://\(notebooks)/notebooks/\(guide.path)" }
        return [curriculumDirectory, lesson.directory, guide.path].joined(separator: "/")
    }
}

/// The stable shape of `antidote run --output json`: keys may be added, but are never renamed or removed.
struct AccessObject: Codable {
    var lesson: String
    var stage: Int
    var backend: String
    var guide: String
    var presentations: [Presentation]

    struct Presentation: Codable {
        var endpoint: String
        var presentation: String
        var type: String
        var host: String
        var port: Int
        var user: String?
        var password: String?
        var url: String?
        var command: String?
    }
}
