extension Topology {
    /// A port that an endpoint listens on.
    public struct Port: Sendable, Hashable, Codable {
        /// 1 to 65535.
        public var number: Int
        /// TCP or UDP.
        public var transport: Transport
        /// Who may connect.
        public var exposure: Exposure
        /// When the port counts as ready. `nil`: it is not waited for.
        public var probe: Probe?

        public init(_ number: Int, transport: Transport = .tcp, exposure: Exposure = .lab, probe: Probe? = nil) {
            self.number = number
            self.transport = transport
            self.exposure = exposure
            self.probe = probe
        }

        /// What a port speaks.
        public enum Transport: String, Sendable, Hashable, Codable {
            /// Streams.
            case tcp
            /// Packets.
            case udp
        }

        /// Who may connect.
        public enum Exposure: String, Sendable, Hashable, Codable {
            /// The endpoints and jobs of the same lab.
            case lab
            /// And the owner: on loopback of a laptop, or through the edge router.
            case owner
            /// And anybody who reaches the provider's host.
            case `public`
        }
    }
}

/// What shows that a port is ready. A bare TCP connection through a published port is never evidence: it is
/// accepted with nobody behind it, so backends ask from inside the lab.
///
/// Not exhaustive: later releases add probes. A backend reports a probe that it cannot do in
/// ``AntidoteBackend/problems(with:)``. Topologies are planned anew, so probes are never read from a wire or a
/// database.
public enum Probe: Sendable, Hashable, Codable {
    /// Something inside the lab accepts the connection.
    case tcp
    /// The server greets with `SSH-`.
    case sshBanner
    /// `GET path` is answered with a status from 100 to 499: the server speaks HTTP and is not broken.
    case http(path: String)
    /// The command, run in the endpoint, exits with 0.
    case exec([String])
}
