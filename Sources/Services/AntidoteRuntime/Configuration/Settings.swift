public import AntidoteCore
public import AntidoteLessons
public import DockerBackend

/// Everything that a program can be told by its configuration file, its environment and its flags.
public struct Settings: Sendable {
    public var backend = BackendChoice.auto
    public var curriculumDirectory: String?
    public var imageOrganisation = "antidotelabs"
    /// The tag of the lessons' images.
    public var curriculumVersion = "latest"
    public var alwaysPull = false
    public var allowEgress = false
    public var allowPrivileged = false
    public var labDirectory = "/antidote"
    /// The engine's address, as in `DOCKER_HOST`. `nil`: found as the `docker` command finds it.
    public var dockerHost: String?
    public var gateImage = "antidotelabs/gate:\(AntidoteRelease.version)"
    public var configuratorImage = "antidotelabs/configurator:\(AntidoteRelease.version)"
    public var jupyterImage = "antidotelabs/jupyter:\(AntidoteRelease.version)"
    /// By registry host.
    public var registryCredentials: [String: RegistryCredential] = [:]
    public var provisionDeadline = Duration.seconds(600)
    public var endpointDeadline = Duration.seconds(300)
    public var pullDeadline = Duration.seconds(1800)
    public var jobDeadline = Duration.seconds(600)
    /// Where the fake backend keeps what it made; `nil`: in the memory of one process.
    public var fakeDirectory: String?
    /// Whether the fake backend takes no time, as for measuring everything else.
    public var fakeIsInstant = false
    /// What only services are asked.
    public var services = ServiceSettings()

    public init() {}

    /// The times that scheduling keeps to.
    public var policy: SchedulingPolicy {
        SchedulingPolicy(
            provisionDeadline: provisionDeadline,
            pullDeadline: pullDeadline,
            leaseDuration: services.leaseDuration,
            renewInterval: services.leaseDuration / 3,
            sweepInterval: services.sweepInterval,
            collectionInterval: services.gcInterval,
            orphanGrace: services.orphanGrace,
            failedRetention: services.failedRetention,
            concurrency: services.concurrency
        )
    }

    /// What is added to every lesson of `instance`.
    public func lessonSettings(for instance: InstanceID) -> LessonSettings {
        LessonSettings(
            instance: instance,
            imageOrganisation: imageOrganisation,
            imageTag: curriculumVersion,
            pullPolicy: alwaysPull ? .always : .ifMissing,
            configuratorImage: configuratorImage,
            jupyterImage: jupyterImage,
            labDirectory: labDirectory,
            allowEgress: allowEgress,
            jobDeadline: jobDeadline
        )
    }
}

/// Which backend to run labs on.
public enum BackendChoice: String, Sendable, Hashable, CaseIterable {
    /// Docker if an engine answers, otherwise the fake one.
    case auto
    case docker
    case fake
}
