/// Something that one of the suite's machines does.
public enum LabRole: Sendable, Hashable {
    /// Answers the questions that are asked at it.
    case agent(Int)
    /// A web server: `/` tells the machine's name, `/hit` counts, `/broken` is a 500, all else a 404.
    case web(Int)
    /// Accepts connections and says nothing.
    case silent(Int)
    /// Greets as an SSH server does.
    case greeter(Int)
    /// Sends UDP datagrams back.
    case echo(Int)
    /// A web server that is two seconds late.
    case late(Int)
    /// Says that it ends, and ends with this status.
    case end(Int)
    /// Prints the secret in `LAB_SECRET`, and fails.
    case leak

    /// Where every machine of the suite has its agent.
    public static let agentPort = 9000

    /// As the suite's script reads it, in a machine's arguments.
    public var word: String {
        switch self {
        case .agent(let port): "agent:\(port)"
        case .web(let port): "web:\(port)"
        case .silent(let port): "silent:\(port)"
        case .greeter(let port): "greeter:\(port)"
        case .echo(let port): "echo:\(port)"
        case .late(let port): "late:\(port)"
        case .end(let status): "end:\(status)"
        case .leak: "leak"
        }
    }

    /// The role that a machine's argument asks for.
    public init?(word: String) {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        let number = parts.count == 2 ? Int(parts[1]) : nil
        switch (parts.first, number) {
        case ("agent", let port?): self = .agent(port)
        case ("web", let port?): self = .web(port)
        case ("silent", let port?): self = .silent(port)
        case ("greeter", let port?): self = .greeter(port)
        case ("echo", let port?): self = .echo(port)
        case ("late", let port?): self = .late(port)
        case ("end", let status?): self = .end(status)
        case ("leak", nil): self = .leak
        default: return nil
        }
    }
}
