import AntidoteCore

@testable import DockerBackend

extension Endpoint {
    /// A web server that answers with its own name.
    static func web(_ name: String, exposure: Topology.Port.Exposure = .owner) -> Endpoint {
        Endpoint(
            name: name,
            image: Bench.image,
            command: ["/bin/sh", "-c"],
            arguments: ["mkdir -p /www && echo page of \(name) >/www/index.html && exec httpd -f -p 80 -h /www"],
            limits: ResourceLimits(memoryBytes: 64 << 20, pids: 64),
            ports: [Topology.Port(80, exposure: exposure, probe: .http(path: "/"))]
        )
    }

    /// Something that does nothing until it is told to.
    static func idle(_ name: String) -> Endpoint {
        Endpoint(
            name: name,
            image: Bench.image,
            command: ["tail"],
            arguments: ["-f", "/dev/null"],
            limits: ResourceLimits(memoryBytes: 64 << 20, pids: 64)
        )
    }
}
