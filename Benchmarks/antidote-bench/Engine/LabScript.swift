import AntidoteCore
import Foundation

/// The bare script: brings the recorded lab up under another name, with the same requests, as much at once as the backend
/// does, and with the same wait for its ports; and takes it away.
struct LabScript: Sendable {
    private struct Container: Sendable {
        var recorded: LabRecording.Container
        var create: RequestTemplate
        var connects: [RequestTemplate]
        var upload: RequestTemplate?
        /// The container that sets its addresses.
        var helper: (recorded: LabRecording.Container, create: RequestTemplate)?
        /// What the gate runs to find out when it is ready.
        var probe: RequestTemplate?
    }

    private let engine: BareEngine
    private let environment: String
    private let networks: [(recorded: LabRecording.Network, create: RequestTemplate)]
    private let gate: Container
    private let endpoints: [Container]
    private let probeStart: PlainRequest
    private let starts: CallTimes

    /// What one run of it has made.
    struct Lab: Sendable {
        var containers: [String]
        var networks: [String]
    }

    /// `starts` is told how long each start of a container took.
    init(_ recording: LabRecording, at engine: BareEngine, starts: CallTimes = CallTimes()) throws {
        self.starts = starts
        var places = [recording.environment]
        places += recording.networks.flatMap { [$0.id, Self.place(of: $0)] }
        places += recording.containers.map(\.id)
        places += recording.containers.filter { $0.role == "endpoint" }.flatMap(\.addresses.values)
        let helpers = recording.containers.filter { $0.role == "helper" }
        let containers = recording.containers.filter { $0.role != "helper" }.map { recorded in
            let helper = helpers.first { $0.endpoint == recorded.endpoint }
            let probe = recording.probes.first {
                String(decoding: $0.body, as: UTF8.self).contains("TCP4:\(recorded.endpoint):")
            }
            return Container(
                recorded: recorded,
                create: RequestTemplate(recorded.create, places: places),
                connects: recorded.connects.map { RequestTemplate($0, places: places) },
                upload: recorded.upload.map { RequestTemplate($0, places: places) },
                helper: helper.map { ($0, RequestTemplate($0.create, places: places)) },
                probe: probe.map { RequestTemplate($0, places: places) }
            )
        }
        guard let gate = containers.first(where: { $0.recorded.role == "gate" }),
            let probeStart = recording.probeStart
        else { throw AntidoteError(.internalFault, "the recording of the lab is not complete") }
        self.gate = gate
        self.probeStart = probeStart
        self.engine = engine
        endpoints = containers.filter { $0.recorded.role == "endpoint" }
        environment = recording.environment
        networks = recording.networks.map { ($0, RequestTemplate($0.create, places: places)) }
    }

    /// Returns when every port answers. `number` keeps the addresses of labs apart that are up at once.
    func up(_ number: Int) throws -> Lab {
        var values = [environment: RandomSource.system.environmentID().rawValue]
        for (index, network) in networks.enumerated() {
            let block = (number * networks.count + index) % 256
            values[Self.place(of: network.recorded)] = "10.214.\(block).0\\/"
        }
        let named = values
        let ids = try onThreads(networks.map(\.create)) { try created($0.filled(named)) }
        for (network, id) in zip(networks, ids) { values[network.recorded.id] = id }
        let gateway = GateLatch()
        let all = values
        let made = try onThreads([gate] + endpoints) { container in
            guard container.recorded.role != "gate" else {
                defer { gateway.open() }
                let id = try created(container.create.filled(all))
                try finish(container, id: id, all)
                gateway.id = id
                return [id]
            }
            let ids = try bringUp(container, all)
            try probe(container, in: try gateway.waited(), all)
            return ids
        }
        let containers = made.flatMap(\.self)
        // Where the owner comes in.
        if let id = gateway.id { try engine.call(PlainRequest("GET", "/containers/\(id)/json")) }
        return Lab(containers: containers, networks: ids)
    }

    /// Returns when it is gone.
    func down(_ lab: Lab) throws {
        _ = try onThreads(lab.containers) { id in
            try engine.call(PlainRequest("DELETE", "/containers/\(id)?force=1&v=1"), accepting: [404])
        }
        _ = try onThreads(lab.networks) { try engine.call(PlainRequest("DELETE", "/networks/\($0)"), accepting: [404]) }
    }

    private func bringUp(_ container: Container, _ known: [String: String]) throws -> [String] {
        var values = known
        let id = try created(container.create.filled(values))
        values[container.recorded.id] = id
        try finish(container, id: id, values)
        guard let helper = container.helper else { return [id] }
        let seen = try engine.call(PlainRequest("GET", "/containers/\(id)/json")).decode(Inspection.self)
        for (network, address) in container.recorded.addresses {
            values[address] = values[network].flatMap { seen.addresses[$0] }
        }
        let helperID = try created(helper.create.filled(values))
        try start(helperID)
        let exit = try engine.call(PlainRequest("POST", "/containers/\(helperID)/wait")).decode(Exit.self)
        guard exit.status == 0 else { throw AntidoteError(.internalFault, "a helper ended with \(exit.status)") }
        return [id, helperID]
    }

    private func finish(_ container: Container, id: String, _ known: [String: String]) throws {
        var values = known
        values[container.recorded.id] = id
        for connect in container.connects { try engine.call(connect.filled(values)) }
        if let upload = container.upload { try engine.call(upload.filled(values)) }
        try start(id)
    }

    private func start(_ id: String) throws {
        let seconds = try ContinuousClock().measure {
            try engine.call(PlainRequest("POST", "/containers/\(id)/start"))
        }
        starts.add(seconds / .seconds(1))
    }

    private func probe(_ container: Container, in gate: String, _ known: [String: String]) throws {
        guard let probe = container.probe else { return }
        var values = known
        values[self.gate.recorded.id] = gate
        let id = try created(probe.filled(values))
        try engine.call(PlainRequest("POST", "/exec/\(id)/start", body: probeStart.body))
    }

    private func created(_ request: PlainRequest) throws -> String {
        try engine.call(request).decode(BareEngine.Named.self).id
    }

    /// A subnet as it is written in a request.
    private static func place(of network: LabRecording.Network) -> String { "\(network.subnet)\\/" }

    private struct Exit: Decodable {
        var status: Int

        enum CodingKeys: String, CodingKey { case status = "StatusCode" }
    }
}
