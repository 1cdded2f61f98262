import AntidoteCore
import Configuration
import DockerBackend

/// One key of the configuration, and what it does to the settings.
struct Setting: Sendable {
    var key: String
    /// What its value must be, for people.
    var form: String
    var apply: @Sendable (ConfigReader, inout Settings) throws -> Void

    /// `imageOrg` is `ANTIDOTE_IMAGE_ORG`.
    var variable: String {
        var name = "ANTIDOTE_"
        var wasLowercase = true
        for character in key {
            // A word ends where capitals begin: `liveLessonTTL` is `LIVE_LESSON_TTL`.
            if character.isUppercase, wasLowercase { name += "_" }
            wasLowercase = character.isLowercase
            name += character.uppercased()
        }
        return name
    }

    static var all: [Setting] { ofLabs + ofServices }

    private static var ofLabs: [Setting] {
        [
            text("curriculumDir") { $0.curriculumDirectory = $1 },
            text("imageOrg") { $0.imageOrganisation = $1 },
            text("curriculumVersion") { $0.curriculumVersion = $1 },
            text("labDirectory") { $0.labDirectory = $1 },
            text("dockerHost") { $0.dockerHost = $1 },
            text("gateImage") { $0.gateImage = $1 },
            text("configuratorImage") { $0.configuratorImage = $1 },
            text("jupyterImage") { $0.jupyterImage = $1 },
            text("fakeDirectory") { $0.fakeDirectory = $1 },
            flag("fakeIsInstant") { $0.fakeIsInstant = $1 },
            flag("alwaysPull") { $0.alwaysPull = $1 },
            flag("allowEgress") { $0.allowEgress = $1 },
            flag("allowPrivileged") { $0.allowPrivileged = $1 },
            seconds("provisionDeadline") { $0.provisionDeadline = $1 },
            seconds("endpointDeadline") { $0.endpointDeadline = $1 },
            seconds("pullDeadline") { $0.pullDeadline = $1 },
            seconds("jobDeadline") { $0.jobDeadline = $1 },
            Setting(key: "backend", form: "one of \(BackendChoice.allCases.map(\.rawValue).joined(separator: ", "))") {
                reader,
                settings in
                settings.backend = try reader.requiredString(forKey: "backend", as: BackendChoice.self)
            },
            Setting(key: "registryCredentials", form: "a list of “registry=user:password”") { reader, settings in
                for entry in try reader.requiredStringArray(forKey: "registryCredentials", isSecret: true) {
                    let (registry, credential) = try credential(entry)
                    settings.registryCredentials[registry] = credential
                }
            },
        ]
    }

    static func text(
        _ key: String,
        _ set: @escaping @Sendable (inout Settings, String) throws -> Void
    ) -> Setting {
        Setting(key: key, form: "a text") { try set(&$1, $0.requiredString(forKey: ConfigKey(key))) }
    }

    static func flag(_ key: String, _ set: @escaping @Sendable (inout Settings, Bool) -> Void) -> Setting {
        Setting(key: key, form: "true or false") { set(&$1, try $0.requiredBool(forKey: ConfigKey(key))) }
    }

    static func seconds(
        _ key: String,
        to longest: Int = 1_000_000,
        _ set: @escaping @Sendable (inout Settings, Duration) -> Void
    ) -> Setting {
        Setting(key: key, form: "a number of seconds") { reader, settings in
            let value = try reader.requiredInt(forKey: ConfigKey(key))
            guard (1...longest).contains(value) else {
                throw AntidoteError(.configurationInvalid, "\(value) is not a sensible number of seconds")
            }
            set(&settings, .seconds(value))
        }
    }

    /// The entry is a secret: no message may repeat it.
    private static func credential(_ entry: String) throws -> (String, RegistryCredential) {
        let sides = entry.split(separator: "=", maxSplits: 1)
        let login = sides.last.map { $0.split(separator: ":", maxSplits: 1) } ?? []
        guard sides.count == 2, login.count == 2 else {
            throw AntidoteError(.configurationInvalid, "an entry is not of the form “registry=user:password”")
        }
        return (String(sides[0]), RegistryCredential(username: String(login[0]), password: Secret(String(login[1]))))
    }
}
