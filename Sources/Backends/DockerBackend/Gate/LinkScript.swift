import AntidoteCore

/// What a helper runs inside an endpoint's network namespace: the author's addresses and interface names in place
/// of the engine's.
struct LinkScript: Sendable, Hashable {
    let links: [LinkDesign]

    /// The interfaces are `link0`, `link1` and so on, in the order of the networks' names, which is the author's.
    /// Names are checked before: letters, digits, “-” and “_”. Running it twice does no harm.
    var text: String {
        var lines = ["set -e"]
        for (index, link) in links.enumerated() {
            let engine = "\(link.network.interfacePrefix)\(index)"
            lines += [
                "if [ -e /sys/class/net/\(engine) ]; then",
                "/sbin/ip link set dev \(engine) down",
                // First to a name that nobody uses, since the author may have swapped two of the engine's.
                "/sbin/ip link set dev \(engine) name tmp-link\(index)",
                "fi",
            ]
        }
        for (index, link) in links.enumerated() {
            let name = link.attachment.interface
            lines += [
                "if [ -e /sys/class/net/tmp-link\(index) ]; then",
                "/sbin/ip link set dev tmp-link\(index) name \(name)",
                "fi",
                "/sbin/ip addr flush dev \(name)",
                "/sbin/ip addr add \(link.attachment.address)/\(link.subnet.prefixLength) dev \(name)",
                "/sbin/ip link set dev \(name) up",
            ]
        }
        return lines.joined(separator: "\n")
    }

    /// The helper as a container in the network namespace of `endpoint`.
    func container(
        image: String,
        endpoint: String,
        labels: [String: String],
        settings: ContainerSettings
    ) -> ContainerSpecification {
        var helper = ContainerSpecification(image: image)
        helper.entrypoint = ["/bin/sh", "-c"]
        helper.command = [text]
        helper.labels = labels
        helper.host.networkMode = "container:\(endpoint)"
        helper.host.memory = 32 << 20
        helper.host.memorySwap = 32 << 20
        helper.host.pidsLimit = 32
        helper.host.capabilitiesDropped = ["ALL"]
        helper.host.capabilitiesAdded = ["NET_ADMIN"]
        helper.host.log = settings.logSettings
        return helper
    }
}
