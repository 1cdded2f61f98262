/// What a job of the suite asks, inside the lab: what is really there, not what the backend says of it.
///
/// Words without blanks, because a machine's agent reads them as one line.
struct LabQuestion: Sendable, Hashable {
    let words: [String]

    init(_ words: String...) { self.words = words }
    init(words: [String]) { self.words = words }

    /// The machine's own name.
    static let name = LabQuestion("name")
    /// The numeric id of the user.
    static let user = LabQuestion("user")
    /// The effective capabilities, in hexadecimal.
    static let capabilities = LabQuestion("capabilities")
    /// Global addresses, with blanks between them.
    static let addresses = LabQuestion("addresses")
    /// The default route's router, or nothing.
    static let gateway = LabQuestion("gateway")
    static let hits = LabQuestion("hits")
    static func variable(_ name: String) -> LabQuestion { LabQuestion("variable", name) }
    static func file(_ path: String) -> LabQuestion { LabQuestion("file", path) }
    static func size(_ path: String) -> LabQuestion { LabQuestion("size", path) }
    static func mode(_ path: String) -> LabQuestion { LabQuestion("mode", path) }
    /// The address with its prefix length, or `none`.
    static func interface(_ name: String) -> LabQuestion { LabQuestion("interface", name) }
    static func limit(_ limit: Limit) -> LabQuestion { LabQuestion("limit", limit.rawValue) }
    /// `found`, `none` or `stalled`.
    static func resolve(_ name: String) -> LabQuestion { LabQuestion("resolve", name) }
    /// `open` or `closed`.
    static func tcp(_ host: String, _ port: Int) -> LabQuestion { LabQuestion("tcp", host, "\(port)") }
    /// Those of the hosts that accept a TCP connection, a line each; a UDP datagram is sent to each as well.
    static func reach(_ port: Int, at hosts: [String]) -> LabQuestion {
        LabQuestion(words: ["reach", "\(port)"] + hosts)
    }
    /// What comes back, or `nothing`.
    static func udp(_ host: String, _ port: Int, _ text: String) -> LabQuestion {
        LabQuestion("udp", host, "\(port)", text)
    }
    /// The body, or `nothing`.
    static func get(_ host: String, _ port: Int, _ path: String = "/") -> LabQuestion {
        LabQuestion("get", host, "\(port)", path)
    }
    /// Counts at a web server, and then goes on with another question.
    static func hit(_ host: String, _ port: Int, then next: LabQuestion? = nil) -> LabQuestion {
        LabQuestion(words: ["hit", host, "\(port)"] + (next?.words ?? []))
    }
    /// Counts at a web server for ever.
    static func beat(_ host: String, _ port: Int) -> LabQuestion { LabQuestion("beat", host, "\(port)") }
    static func say(_ text: String) -> LabQuestion { LabQuestion("say", text) }
    static func end(_ status: Int, saying text: String) -> LabQuestion { LabQuestion("end", "\(status)", text) }
    static let hang = LabQuestion("hang")
    static func flood(_ bytes: Int) -> LabQuestion { LabQuestion("flood", "\(bytes)") }
    /// Colours, a bell and a window's title around the words “red” and “plain”.
    static let noise = LabQuestion("noise")
    static func swallow(_ bytes: Int) -> LabQuestion { LabQuestion("swallow", "\(bytes)") }

    /// The same, asked at the agent of a machine.
    func at(_ host: String) -> LabQuestion {
        LabQuestion(words: ["at", host, "\(LabRole.agentPort)"] + words)
    }

    enum Limit: String {
        case memory
        case cpu
        case pids
    }
}
