public import AntidoteCore
public import AntidoteLessons
public import DockerBackend

/// The settings of a program, from its configuration file, its environment and its flags.
public struct Settings: Sendable {
    public var backend: BackendChoice = Setting.backend.defaultValue
    public var curriculumDirectory: String?
    public var imageOrganisation: String = Setting.imageOrg.defaultValue
    /// The tag of the images that lessons name.
    public var curriculumVersion: String = Setting.curriculumVersion.defaultValue
    public var alwaysPull: Bool = Setting.alwaysPull.defaultValue
    public var allowEgress: Bool = Setting.allowEgress.defaultValue
    public var allowPrivileged: Bool = Setting.allowPrivileged.defaultValue
    public var labDirectory: String = Setting.labDirectory.defaultValue
    /// The address of the Docker Engine, as in `DOCKER_HOST`. `nil`: found as the `docker` command finds it.
    public var dockerHost: String?
    public var gateImage: String = Setting.gateImage.defaultValue
    public var configuratorImage: String = Setting.configuratorImage.defaultValue
    public var jupyterImage: String = Setting.jupyterImage.defaultValue
    /// Credentials by registry host.
    public var registryCredentials: [String: RegistryCredential] = Setting.registryCredentials.defaultValue
    public var provisionDeadline: Duration = Setting.provisionDeadline.defaultValue
    public var endpointDeadline: Duration = Setting.endpointDeadline.defaultValue
    public var pullDeadline: Duration = Setting.pullDeadline.defaultValue
    public var jobDeadline: Duration = Setting.jobDeadline.defaultValue
    /// The directory that holds the labs of the fake backend. `nil`: they are kept in memory.
    public var fakeDirectory: String?
    /// Whether the fake backend builds labs without any delay, for benchmarks of everything else.
    public var fakeIsInstant: Bool = Setting.fakeIsInstant.defaultValue
    /// Settings that only services use.
    public var services = ServiceSettings()

    public init() {}

    /// The deadlines and intervals of schedulers and collectors.
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

    /// The settings that apply to every lesson of `instance`.
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

/// The backend that runs labs.
public enum BackendChoice: String, Sendable, Hashable, CaseIterable {
    /// Docker if an engine answers or is named, otherwise the fake backend.
    case auto
    case docker
    case fake
}
