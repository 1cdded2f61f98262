import AntidoteCore

extension Endpoint {
    func with(_ change: (inout Endpoint) -> Void) -> Endpoint {
        var endpoint = self
        change(&endpoint)
        return endpoint
    }

    func withPorts(_ change: (inout Topology.Port) -> Void) -> Endpoint {
        with { endpoint in
            for index in endpoint.ports.indices { change(&endpoint.ports[index]) }
        }
    }

    func withFiles(_ change: (inout FileSet.File) -> Void) -> Endpoint {
        with { endpoint in
            let files = endpoint.files.entries.map { file in
                var file = file
                change(&file)
                return file
            }
            // Paths stay as they are, and so legal.
            endpoint.files = (try? FileSet(files)) ?? endpoint.files
        }
    }
}

extension Topology {
    func withLinks(_ change: (inout Connection) -> Void) -> Topology {
        var topology = self
        for index in topology.connections.indices { change(&topology.connections[index]) }
        return topology
    }
}

extension Job {
    func with(_ change: (inout Job) -> Void) -> Job {
        var job = self
        change(&job)
        return job
    }
}
