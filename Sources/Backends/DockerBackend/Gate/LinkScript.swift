import AntidoteCore

/// What a helper runs inside an endpoint's network namespace: the author's addresses and interface names in place
/// of the engine's.
struct LinkScript: Sendable, Hashable {
    let links: [LinkDesign]
    /// Of the engine's interface for each of `links`. Its name and order are not to be relied on: the author may
    /// want one that the engine gave to another.
    let hardwareAddresses: [String]

    /// Names are checked before: letters, digits, “-” and “_”. Running it twice does no harm.
    var text: String {
        var lines = [
            "set -e",
            "find() { for i in /sys/class/net/*; do "
                + "if [ \"$(cat $i/address)\" = $1 ]; then echo ${i##*/}; return; fi; done; return 1; }",
        ]
        for (index, address) in hardwareAddresses.enumerated() { lines.append("i\(index)=$(find \(address))") }
        for index in links.indices {
            lines += [
                "/sbin/ip link set dev $i\(index) down",
                // First to a name that nobody uses, since the author may have swapped two of the engine's.
                "/sbin/ip link set dev $i\(index) name tmp-link\(index)",
            ]
        }
        for (index, link) in links.enumerated() {
            let name = link.attachment.interface
            lines += [
                "/sbin/ip link set dev tmp-link\(index) name \(name)",
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
