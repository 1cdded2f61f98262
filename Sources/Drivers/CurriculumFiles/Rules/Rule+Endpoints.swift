extension Rule {
    static let endpointNameInvalid = error(
        "endpoint-name-invalid",
        "An endpoint's name cannot be a host's name.",
        advice: "Use small letters, digits and hyphens, beginning with a letter and not ending in a hyphen; at most 63."
    )
    static let endpointNameDuplicate = error(
        "endpoint-name-duplicate",
        "Two endpoints of a lesson have one name.",
        advice: "Give one of them another name."
    )
    static let endpointNameReserved = error(
        "endpoint-name-reserved",
        "An endpoint has a name that the lab itself uses.",
        advice: "Give it another name."
    )
    static let endpointUnreachable = error(
        "endpoint-unreachable",
        "An endpoint has no port: nothing tells when it is up.",
        advice: "Give it a presentation, or list a port of it in `additionalPorts`."
    )
    static let imageUnknown = error(
        "image-unknown",
        "An endpoint uses an image that the curriculum does not describe.",
        advice: "Correct the slug, or describe the image in an `image.meta.yaml` below `images/`."
    )
    static let portOutOfRange = error(
        "port-out-of-range",
        "A port is not one of 1 to 65535.",
        advice: "Write the port that the program in the endpoint listens on."
    )
    static let presentationNameInvalid = error(
        "presentation-name-invalid",
        "A presentation's name cannot be part of a host's name.",
        advice: "Use small letters, digits and hyphens, beginning and ending with a letter or digit."
    )
    static let presentationNameDuplicate = error(
        "presentation-name-duplicate",
        "Two presentations of an endpoint have one name.",
        advice: "Give one of them another name."
    )
    static let hostNameTooLong = error(
        "host-name-too-long",
        "The names of an endpoint and a presentation are too long together for a host's name.",
        advice: "Shorten one: together they have 32 characters."
    )
    static let hostNameClash = error(
        "host-name-clash",
        "Two presentations of a lesson come to the same host's name.",
        advice: "Rename one: `a-b` with `c` and `a` with `b-c` are both `a-b-c`."
    )

    static let endpointRules = [
        endpointNameInvalid, endpointNameDuplicate, endpointNameReserved, endpointUnreachable, imageUnknown,
        portOutOfRange, presentationNameInvalid, presentationNameDuplicate, hostNameTooLong, hostNameClash,
    ]
}
