/// What brings one endpoint into the state of one stage.
public struct LessonConfiguration: Sendable, Hashable, Codable {
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
        case junos
        case eos
        case iosxr
        case nxos
        case nxosSSH = "nxos_ssh"
        case ios
    }

    /// The name of the endpoint.
    public var endpoint: String
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
