import AntidoteCore
import FakeBackend

// What an environment of ours is made of: here one machine with a web server.
let planner = FunctionPlanner { request in
    let web = Endpoint(name: "web", image: ImageReference("nginx"), ports: [Topology.Port(80, exposure: .owner)])
    return EnvironmentPlan(topology: Topology(id: request.id, endpoints: [web]))
}
let id = try InstanceID(validating: "example")
let backend = FakeBackend(instance: id, time: .system)
let instance = EmbeddedInstance(id: id, backend: backend, planners: ["example": planner])

try await instance.withRunning { running in
    try await running.withEnvironment(of: EnvironmentSource(kind: "example", name: "one-machine")) { ready in
        for endpoint in ready.provisioned?.endpoints ?? [] { print("\(endpoint.name) is \(ready.phase.rawValue)") }
    }
}

// Two kinds in one instance: sites have a planner of its own type. Several environments run, and one changes its revision.
let sites = SitePlanner(images: ["shop": "example/shop", "blog": "example/blog"])
let both = EmbeddedInstance(id: id, backend: backend, planners: ["example": planner, "site": sites])
try await both.withRunning { running in
    let shop = try await running.start(EnvironmentSource(kind: "site", name: "shop"), revision: 1)
    let blog = try await running.start(EnvironmentSource(kind: "site", name: "blog"), revision: 4)

    for preview in [shop, blog] {
        let environment = try await running.ready(preview)
        let server = environment.provisioned?[endpoint: "server"]?[port: 80]
        print("\(environment.source.name): \(server?.forOwner?.description ?? "nowhere")")
    }

    try await running.change(shop, toRevision: 2)
    print("shop: release \(try await running.ready(shop).revision)")

    do {
        try await running.withEnvironment(of: EnvironmentSource(kind: "site", name: "shpo")) { _ in }
    } catch let error as AntidoteError {
        print("\(error.message): \(error.recovery ?? "")")
    }

    try await running.withEnvironment(of: EnvironmentSource(kind: "example", name: "one-machine")) { ready in
        print("beside the sites, \(ready.source.name) is \(ready.phase.rawValue)")
    }
}
