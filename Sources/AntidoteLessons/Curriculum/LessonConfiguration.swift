/// What brings one endpoint into the state of one stage.
public struct LessonConfiguration: Sendable, Hashable, Codable {
    /// What a configuration is written as.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A script, run as `python FILE`.
        case python
        /// A playbook, run as `ansible-playbook -i "HOST," FILE`.
        case ansible
        /// A device configuration, merged by NAPALM.
        case napalm
    }

    /// The NAPALM drivers that a file may name.
    public enum Driver: String, Sendable, Hashable, Codable, CaseIterable {
        /// Junos, of Juniper.
        case junos
        /// EOS, of Arista.
        case eos
        /// IOS XR, of Cisco.
        case iosxr
        /// NX-OS over its web interface, of Cisco.
        case nxos
        /// NX-OS over SSH, of Cisco.
        case nxosSSH = "nxos_ssh"
        /// IOS, of Cisco.
        case ios
    }

    /// The name of the endpoint.
    public var endpoint: String
    /// What it is written as.
    public var kind: Kind
    /// Set when, and only when, `kind` is `napalm`.
    public var driver: Driver?
    /// The script, playbook or device configuration, relative to the lesson's directory.
    public var path: String

    public init(endpoint: String, kind: Kind, driver: Driver? = nil, path: String) {
        self.endpoint = endpoint
        self.kind = kind
        self.driver = driver
        self.path = path
    }
}
