import AntidoteCore
import AntidoteLessons

/// Looks at the endpoints of one lesson and their presentations.
struct EndpointChecks {
    /// Names that the lab itself gives: that of the machine through which learners come in, and of the machine itself.
    static let reservedNames: Set<String> = ["gate", "localhost"]

    /// Room for `<endpoint>` and `<presentation>` in the host's name `<instance>-<id>-<endpoint>-<presentation>`, whose
    /// instance has up to 12 characters, whose id has 16, and which has at most 63 in all.
    static let hostNameRoom = 63 - 12 - 16 - 3

    var findings: Findings

    mutating func check(_ draft: LessonDraft) {
        let usesJupyter = draft.stages.contains { $0.guideKind == .jupyter }
        var names: [String: Location] = [:]
        var hostNames: [String: String] = [:]
        for endpoint in draft.endpoints {
            if !endpoint.hasPorts {
                let name = endpoint.name.map { "“\($0.value.prefix(80))”" } ?? "an endpoint"
                findings.add(.endpointUnreachable, at: endpoint.location, "\(name) has no port")
            }
            if let name = endpoint.name {
                check(name: name, usesJupyter: usesJupyter)
                if let other = names.updateValue(name.location, forKey: name.value) {
                    let message = "there is an endpoint “\(name.value.prefix(80))” already, in line \(other.line)"
                    findings.add(.endpointNameDuplicate, at: name.location, message)
                    continue
                }
            }
            check(presentationsOf: endpoint, hostNames: &hostNames)
        }
    }

    private mutating func check(name: Located<String>, usesJupyter: Bool) {
        if EndpointChecks.reservedNames.contains(name.value) {
            findings.add(.endpointNameReserved, at: name.location, "“\(name.value)” is a name of the lab's own")
        } else if usesJupyter, name.value == Guide.jupyterEndpointName {
            let message = "“\(name.value)” is the endpoint that serves the lesson's notebooks"
            findings.add(.endpointNameReserved, at: name.location, message)
        }
    }

    private mutating func check(presentationsOf endpoint: EndpointDraft, hostNames: inout [String: String]) {
        var names: [String: Location] = [:]
        for presentation in endpoint.presentations {
            guard let name = presentation.name, NamePattern.label.accepts(name.value) else { continue }
            if let other = names.updateValue(name.location, forKey: name.value) {
                let message = "the endpoint has a presentation “\(name.value)” already, in line \(other.line)"
                findings.add(.presentationNameDuplicate, at: name.location, message)
                continue
            }
            if let endpoint = endpoint.name, NamePattern.endpoint.accepts(endpoint.value) {
                check(endpoint: endpoint.value, presentation: name, hostNames: &hostNames)
            }
        }
    }

    private mutating func check(endpoint: String, presentation: Located<String>, hostNames: inout [String: String]) {
        let hostName = "\(endpoint)-\(presentation.value)"
        let length = endpoint.utf8.count + presentation.value.utf8.count
        if length > EndpointChecks.hostNameRoom {
            let message = "“\(endpoint)” and “\(presentation.value)” have \(length) characters together"
            findings.add(.hostNameTooLong, at: presentation.location, message)
        }
        let owner = "“\(presentation.value)” of “\(endpoint)”"
        if let other = hostNames.updateValue(owner, forKey: hostName) {
            findings.add(.hostNameClash, at: presentation.location, "\(owner) and \(other) are both “\(hostName)”")
        }
    }
}
