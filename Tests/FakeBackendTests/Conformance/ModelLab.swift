import AntidoteCore
import AntidoteTesting
import FakeBackend
import Synchronization

/// What the suite's machines and jobs would do if the fake provider's topologies were real: worked out from what the
/// provider holds, and not from what anybody asked for.
final class ModelLab: Sendable {
    /// How often each machine's web server counted, by the machine's identity.
    private let hits = Mutex<[String: Int]>([:])

    func imageTrouble(_ image: ImageReference) -> AntidoteError? {
        if image.reference == "model/tools:1" { return nil }
        let code: AntidoteError.Code = image.pullPolicy == .never ? .imageMissing : .imagePullFailed
        let isLegal = image.reference.allSatisfy { !$0.isWhitespace }
        return AntidoteError(
            code,
            "there is no such image",
            subject: image.reference,
            disposition: isLegal && code == .imagePullFailed ? .retry : .permanent
        )
    }

    func machine(_ endpoint: Endpoint, deadline: Duration) -> FakeMachine {
        let roles = roles(of: endpoint)
        if roles.contains(where: { if case .end = $0 { true } else { false } }) {
            return .ends(
                AntidoteError(
                    .endpointFailed,
                    "it ended",
                    subject: endpoint.name,
                    logTail: "the end of \(endpoint.name)\n"
                )
            )
        }
        if roles.contains(.leak) {
            return .ends(AntidoteError(.endpointFailed, "it ended", subject: endpoint.name, logTail: "one *, two\n"))
        }
        for port in endpoint.ports {
            guard let probe = port.probe, !passes(probe, port.number, roles) else { continue }
            return .neverReady(
                AntidoteError(.endpointNotReady, "port \(port.number) does not answer", subject: endpoint.name),
                after: deadline
            )
        }
        return .ready
    }

    func run(_ run: FakeRun) -> FakeOutcome {
        guard run.job.command.first == "/bin/sh", run.job.command.count > 2 else {
            return .ends(JobResult(exitStatus: 127, outputTail: "no such program\n"))
        }
        let words = Array(run.job.command.dropFirst(2))
        return answer(words, in: run.topology, at: nil, job: run.job)
    }

    private func roles(of endpoint: Endpoint?) -> [LabRole] {
        (endpoint?.arguments ?? []).compactMap(LabRole.init(word:))
    }

    private func passes(_ probe: Probe, _ port: Int, _ roles: [LabRole]) -> Bool {
        switch probe {
        case .tcp: !roles.filter { $0.accepts(port) }.isEmpty
        case .sshBanner: roles.contains(.greeter(port))
        case .http(let path): path != "/broken" && (roles.contains(.web(port)) || roles.contains(.late(port)))
        case .exec(let command): command.last == "exit 0"
        }
    }

    private func said(_ text: some CustomStringConvertible) -> FakeOutcome {
        .ends(JobResult(exitStatus: 0, outputTail: "\(text)\n"))
    }

    /// `machine`: at which it is asked; `nil`: in a job.
    private func answer(_ words: [String], in lab: FakeTopology, at machine: FakeEndpoint?, job: Job) -> FakeOutcome {
        let rest = Array(words.dropFirst())
        let environment = machine?.specification?.environment ?? job.environment
        switch words.first {
        case "at":
            guard let other = running(rest[0], in: lab) else { return said("unreachable") }
            return answer(Array(rest.dropFirst(2)), in: lab, at: other, job: job)
        case "name", "variable":
            switch environment[words[0] == "name" ? "LAB_NAME" : rest[0]] {
            case .plain(let text): return said(text)
            case .secret(let secret): return said(machine == nil ? "<redacted>" : secret.reveal())
            default: return said("<unset>")
            }
        case "file" where rest[0].hasSuffix("/forwarding"):
            return said(machine?.specification?.forwardsIPv4 == true ? 1 : 0)
        case "file", "size", "mode":
            let directory = (machine == nil ? job.labDirectory : lab.labDirectory) + "/"
            let files = machine?.specification?.files ?? job.files
            let file = files.entries.first { directory + $0.path == rest[0] }
            guard let file else { return said("<missing>") }
            switch words[0] {
            case "size": return said(file.contents.count)
            case "mode": return said(String(file.mode, radix: 8))
            default: return said(String(decoding: file.contents, as: UTF8.self))
            }
        case "resolve": return said(running(rest[0], in: lab) == nil ? "none" : "found")
        case "tcp": return said(open(rest[0], Int(rest[1]) ?? 0, from: machine, in: lab) == nil ? "closed" : "open")
        case "udp":
            let echo = running(rest[0], in: lab).map { roles(of: $0.specification).contains(.echo(Int(rest[1]) ?? 0)) }
            return said(echo == true ? rest[2] : "nothing")
        case "get", "hit":
            guard let server = open(rest[0], Int(rest[1]) ?? 0, from: machine, in: lab) else { return said("nothing") }
            if words[0] == "get" { return said(rest[2] == "/" ? server.specification?.name ?? "nobody" : "nothing") }
            let count = count(at: server)
            return rest.count > 2 ? answer(Array(rest.dropFirst(2)), in: lab, at: machine, job: job) : said(count)
        case "beat":
            if let server = open(rest[0], Int(rest[1]) ?? 0, from: machine, in: lab) { _ = count(at: server) }
            return .hangs(printing: "")
        case "hits": return said(machine.map { server in hits.withLock { $0[server.identity] ?? 0 } } ?? 0)
        case "interface":
            for link in lab.connections {
                for end in link.attachments
                where end.interface == rest[0] && end.endpoint == machine?.specification?.name {
                    return said("\(end.address)/\(link.subnet.prefixLength)")
                }
            }
            return said("none")
        case "say": return said(rest.joined(separator: " "))
        case "end": return .ends(JobResult(exitStatus: Int(rest[0]) ?? -1, outputTail: rest[1] + "\n"))
        case "hang": return .hangs(printing: "waiting for ever\n")
        default: return .ends(JobResult(exitStatus: 64, outputTail: "the model knows no “\(words)”\n"))
        }
    }

    private func count(at server: FakeEndpoint) -> Int {
        hits.withLock { hits in
            hits[server.identity, default: 0] += 1
            return hits[server.identity, default: 0]
        }
    }

    private func running(_ name: String, in lab: FakeTopology) -> FakeEndpoint? {
        lab.endpoints[name].flatMap { $0.isRunning ? $0 : nil }
    }

    /// The machine that accepts there: by its name, or by its address on a connection that both ends have.
    private func open(_ host: String, _ port: Int, from machine: FakeEndpoint?, in lab: FakeTopology) -> FakeEndpoint? {
        let links = lab.connections.filter { link in
            link.attachments.contains { $0.endpoint == machine?.specification?.name }
        }
        let end = links.flatMap(\.attachments).first { $0.address.description == host }
        guard let server = running(end?.endpoint ?? host, in: lab) else { return nil }
        return roles(of: server.specification).contains { $0.accepts(port) } ? server : nil
    }
}

extension LabRole {
    /// Whether something listens there over TCP.
    func accepts(_ port: Int) -> Bool {
        switch self {
        case .agent(let own), .web(let own), .silent(let own), .greeter(let own), .late(let own): own == port
        case .echo, .end, .leak: false
        }
    }
}
