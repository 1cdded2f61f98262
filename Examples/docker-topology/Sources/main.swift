import AntidoteCore
import DockerBackend

// A server that is no lesson, and a job that fetches its page over the lab's own network.
let planner = FunctionPlanner { request in
    let tools = ImageReference("antidotelabs/gate:\(AntidoteRelease.version)", pullPolicy: .never)
    let server = Endpoint(
        name: "server",
        image: tools,
        command: ["sh", "-c", "mkdir /www; echo hello > /www/index.html; exec httpd -f -h /www"],
        ports: [Topology.Port(80, exposure: .owner, probe: .http(path: "/index.html"))]
    )
    let fetch = Job(id: try JobID(validating: "fetch"), image: tools, command: ["wget", "-qO-", "http://server/"])
    return EnvironmentPlan(topology: Topology(id: request.id, endpoints: [server]), jobs: [fetch])
}
let id = try InstanceID(validating: "example")
let store = InMemoryStateStore(time: .system, random: .system)
// The engine that DOCKER_HOST names, or that is found.
let backend = try DockerBackend(configuration: DockerConfiguration(instance: id, store: store.id))
let instance = EmbeddedInstance(id: id, backend: backend, planners: ["example": planner], store: store)

try await instance.withRunning { running in
    try await running.withEnvironment(of: EnvironmentSource(kind: "example", name: "server")) { ready in
        print("reached at \(ready.provisioned?[endpoint: "server"]?[port: 80]?.forOwner?.description ?? "nowhere")")
    }
}
