/// A network of its own between endpoints, with the author's addresses and interface names.
public struct Connection: Sendable, Hashable, Codable {
    /// Unique in the topology.
    public var name: String
    /// The author's subnet. Two labs may use the same one at the same time.
    public var subnet: IPv4Subnet
    /// The endpoints on it, each once.
    public var attachments: [Attachment]

    public init(name: String, subnet: IPv4Subnet, attachments: [Attachment]) {
        self.name = name
        self.subnet = subnet
        self.attachments = attachments
    }

    /// One end of a connection.
    public struct Attachment: Sendable, Hashable, Codable {
        /// The name of the endpoint.
        public var endpoint: String
        /// Its address on the connection, in the connection's subnet.
        public var address: IPv4Address
        /// At most 15 characters; never `eth0`, which is the lab's own network.
        public var interface: String

        public init(endpoint: String, address: IPv4Address, interface: String) {
            self.endpoint = endpoint
            self.address = address
            self.interface = interface
        }
    }
}
