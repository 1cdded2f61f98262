import AntidoteCore
import FakeBackend

// What an environment of ours is made of: here one machine with a web server.
let planner = FunctionPlanner { environment, id in
    let web = Endpoint(name: "web", image: ImageReference("nginx"), ports: [Port(80, exposure: .owner)])
    return EnvironmentPlan(topology: Topology(id: id, endpoints: [web]))
}
let id = try InstanceID(validating: "example")
let instance = EmbeddedInstance(id: id, backend: FakeBackend(instance: id, time: .system), planner: planner)

try await instance.withRunning { running in
    try await running.withEnvironment(of: EnvironmentSource(kind: "example", name: "one-machine")) { ready in
        for endpoint in ready.provisioned?.endpoints ?? [] { print("\(endpoint.name) is \(ready.phase.rawValue)") }
    }
}
