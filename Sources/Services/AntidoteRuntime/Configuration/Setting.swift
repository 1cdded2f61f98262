import AntidoteCore
import DockerBackend

/// Every setting. Settings of labs are here, settings of services in `Setting+Services.swift`.
package enum Setting {
    /// All settings, in the order in which problems with them are reported.
    package static let all: [any AnySettingKey] = ofLabs + ofServices

    static let ofLabs: [any AnySettingKey] = [
        curriculumDir, imageOrg, curriculumVersion, labDirectory, dockerHost, gateImage, configuratorImage,
        jupyterImage, fakeDirectory, fakeIsInstant, alwaysPull, allowEgress, allowPrivileged, provisionDeadline,
        endpointDeadline, pullDeadline, jobDeadline, backend, registryCredentials,
    ]

    package static let backend = SettingKey(
        "backend",
        .choice,
        default: BackendChoice.auto,
        \.backend,
        help: "Where labs run. `auto` is `docker` if an engine answers or is named, otherwise `fake`."
    )
    package static let curriculumDir = SettingKey(
        "curriculumDir",
        .text,
        \.curriculumDirectory,
        help: "The directory that holds `curriculum.meta.yaml`."
    )

    // MARK: Images

    package static let imageOrg = SettingKey(
        "imageOrg",
        .text,
        default: "antidotelabs",
        \.imageOrganisation,
        help: "The registry and organisation of the images that lessons name."
    )
    static let curriculumVersion = SettingKey(
        "curriculumVersion",
        .text,
        default: "latest",
        \.curriculumVersion,
        help: "The tag of the images that lessons name."
    )
    static let gateImage = SettingKey(
        "gateImage",
        .text,
        default: "antidotelabs/gate:\(AntidoteRelease.version)",
        \.gateImage,
        help: "The image of the gate that connects a lab to its owner."
    )
    static let configuratorImage = SettingKey(
        "configuratorImage",
        .text,
        default: "antidotelabs/configurator:\(AntidoteRelease.version)",
        \.configuratorImage,
        help: "The image that runs the configuration scripts of a stage."
    )
    static let jupyterImage = SettingKey(
        "jupyterImage",
        .text,
        default: "antidotelabs/jupyter:\(AntidoteRelease.version)",
        \.jupyterImage,
        help: "The image that serves Jupyter guides."
    )
    static let alwaysPull = SettingKey(
        "alwaysPull",
        .flag,
        default: false,
        \.alwaysPull,
        help: "Pull the images of a lesson even if the engine already has them."
    )
    static let registryCredentials = SettingKey(
        "registryCredentials",
        .registryCredentials,
        default: [:],
        \.registryCredentials,
        help: "Credentials of registries. They take precedence over Docker's own configuration."
    )

    // MARK: Labs

    static let dockerHost = SettingKey(
        "dockerHost",
        .text,
        \.dockerHost,
        help: "The address of the Docker Engine, as in `DOCKER_HOST`. Unset: found as the `docker` command finds it."
    )
    static let labDirectory = SettingKey(
        "labDirectory",
        .text,
        default: "/antidote",
        \.labDirectory,
        help: "Where machines have the files of the lesson."
    )
    static let allowEgress = SettingKey(
        "allowEgress",
        .flag,
        default: false,
        \.allowEgress,
        help: "Let labs connect to the internet."
    )
    static let allowPrivileged = SettingKey(
        "allowPrivileged",
        .flag,
        default: false,
        \.allowPrivileged,
        help: "Accept images with the flavor `trusted`, which have full power over the host."
    )
    static let provisionDeadline = SettingKey(
        "provisionDeadline",
        .seconds,
        default: .seconds(600),
        \.provisionDeadline,
        help: "How long one attempt to build a lab may take, without the time for pulling images."
    )
    static let endpointDeadline = SettingKey(
        "endpointDeadline",
        .seconds,
        default: .seconds(300),
        \.endpointDeadline,
        help: "How long an endpoint may take to start and to become reachable."
    )
    static let pullDeadline = SettingKey(
        "pullDeadline",
        .seconds,
        default: .seconds(1800),
        \.pullDeadline,
        help: "How long the pull of one image may take."
    )
    static let jobDeadline = SettingKey(
        "jobDeadline",
        .seconds,
        default: .seconds(600),
        \.jobDeadline,
        help: "How long one configuration script may run."
    )
    static let fakeDirectory = SettingKey(
        "fakeDirectory",
        .text,
        \.fakeDirectory,
        help: "The directory in which processes share the labs of the fake backend. Unset: in memory."
    )
    static let fakeIsInstant = SettingKey(
        "fakeIsInstant",
        .flag,
        default: false,
        \.fakeIsInstant,
        help: "Let the fake backend build labs without any delay."
    )
}
