import AntidoteCore
import AntidoteLessons

/// What a lesson says about one of its machines.
enum EndpointFields {
    static let name = Field(
        "name",
        .required,
        Text(form: .name(.endpoint, "an endpoint's name", .endpointNameInvalid)),
        "The machine's name in the lab, unique in the lesson."
    )
    static let image = Field("image", .required, Text.any, "The slug of the image that the machine is made from.")
    static let configurationType = Field(
        "configurationType",
        .optional,
        Choice<LessonConfiguration.Kind>(),
        """
        What configures the machine at every stage: a script stageN/configs/NAME.py, a playbook NAME.yml or a device \
        configuration NAME-DRIVER.txt. Without it the machine is left as its image made it.
        """
    )
    static let additionalPorts = Field(
        "additionalPorts",
        .optional,
        List(of: Whole.port),
        "Ports that other machines of the lab reach, beyond those of the presentations."
    )
    static let presentations = Field(
        "presentations",
        .optional,
        List(of: Group(PresentationFields.shape)),
        "Ways for the learner to reach the machine."
    )

    static let shape = Shape(
        "an endpoint",
        [name, image, configurationType, additionalPorts, presentations],
        alternatives: [presentations.name, additionalPorts.name],
        bygone: ["sshUser"]
    )
}

enum PresentationFields {
    static let name = Field(
        "name",
        .required,
        Text(form: .name(.label, "a presentation's name", .presentationNameInvalid)),
        "The presentation's name, unique in its endpoint."
    )
    static let port = Field("port", .required, Whole.port, "The port that the program in the machine listens on.")
    static let type = Field(
        "type",
        .required,
        Choice<Presentation.Kind>(),
        "ssh for a terminal, http for a web page."
    )

    static let shape = Shape("a presentation", [name, port, type])
}

extension Whole {
    static let port = Whole(range: 1...65535, below: .portOutOfRange, above: .portOutOfRange)
}
