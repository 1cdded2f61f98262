extension Rule {
    static let connectionEndpointUnknown = error(
        "connection-endpoint-unknown",
        "A connection ends at an endpoint that the lesson does not have.",
        advice: "Correct the name."
    )
    static let connectionSelf = error(
        "connection-self",
        "A connection begins and ends at the same endpoint.",
        advice: "Name two different endpoints in `a` and `b`."
    )
    static let connectionDuplicate = error(
        "connection-duplicate",
        "A connection comes twice.",
        advice: "Remove one. For a second link between two endpoints, exchange `a` and `b`."
    )
    static let connectionParallel = warning(
        "connection-parallel",
        "Two connections link the same endpoints.",
        advice: "Remove one, unless two links are meant."
    )
    static let subnetInvalid = error(
        "subnet-invalid",
        "A subnet is not an IPv4 address and a length.",
        advice: "Write it as in `10.1.0.0/24`."
    )
    static let subnetReserved = error(
        "subnet-reserved",
        "A subnet touches addresses that cannot be a link's: loopback, link-local, multicast or reserved ones.",
        advice: "Use a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."
    )
    static let subnetTooSmall = error(
        "subnet-too-small",
        "A subnet has no room for two endpoints.",
        advice: "Use a length of 30 or less."
    )
    static let subnetOverlap = error(
        "subnet-overlap",
        "Two connections of a lesson share addresses.",
        advice: "Give each its own subnet."
    )
    static let subnetHostBits = warning(
        "subnet-host-bits",
        "A subnet's address has bits beyond its length; they are ignored.",
        advice: "Write the first address of the subnet."
    )
    static let subnetPublic = warning(
        "subnet-public",
        "A subnet takes addresses that belong to somebody on the internet.",
        advice: "Use a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."
    )

    static let connectionRules = [
        connectionEndpointUnknown, connectionSelf, connectionDuplicate, connectionParallel, subnetInvalid,
        subnetReserved, subnetTooSmall, subnetOverlap, subnetHostBits, subnetPublic,
    ]
}
