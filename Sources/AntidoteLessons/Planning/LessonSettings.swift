public import AntidoteCore

/// What an installation adds to every lesson.
public struct LessonSettings: Sendable, Hashable {
    /// The registry and organisation of the lessons' images.
    public var imageOrganisation: String
    /// The tag of the lessons' images.
    public var imageTag: String
    /// When the lessons' images are pulled.
    public var pullPolicy: ImageReference.PullPolicy
    /// Runs python, ansible and napalm configuration.
    public var configuratorImage: String
    /// Serves notebooks.
    public var jupyterImage: String
    /// Where endpoints and jobs find their files. An absolute path.
    public var labDirectory: String
    /// Whether the internet is reachable from labs.
    public var allowEgress: Bool
    /// How long a configuration may take.
    public var jobDeadline: Duration
    /// The parent domain of HTTP presentations. `nil`: there is no edge router, and no routes are asked for.
    public var presentationDomain: String?
    /// Known to the planner because host names begin with it.
    public var instance: InstanceID

    public init(
        instance: InstanceID,
        imageOrganisation: String = "antidotelabs",
        imageTag: String = "latest",
        pullPolicy: ImageReference.PullPolicy = .ifMissing,
        configuratorImage: String = "antidotelabs/configurator:\(AntidoteRelease.version)",
        jupyterImage: String = "antidotelabs/jupyter:\(AntidoteRelease.version)",
        labDirectory: String = "/antidote",
        allowEgress: Bool = false,
        jobDeadline: Duration = .seconds(600),
        presentationDomain: String? = nil
    ) {
        self.instance = instance
        self.imageOrganisation = imageOrganisation
        self.imageTag = imageTag
        self.pullPolicy = pullPolicy
        self.configuratorImage = configuratorImage
        self.jupyterImage = jupyterImage
        self.labDirectory = labDirectory
        self.allowEgress = allowEgress
        self.jobDeadline = jobDeadline
        self.presentationDomain = presentationDomain
    }
}
