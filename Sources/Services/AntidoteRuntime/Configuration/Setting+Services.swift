import AntidoteAPI
import AntidoteCore
import AntidoteLessons
import Configuration
import Logging
import TelemetryExport

extension Setting {
    /// Names that the system before this one had are kept: `instanceId`, `natsUrl`, `liveLessonTTL` in minutes, and so on.
    static var ofServices: [Setting] {
        [
            Setting(key: "instanceId", form: InstanceID.rule) { reader, settings in
                settings.services.instance = try InstanceID(validating: reader.requiredString(forKey: "instanceId"))
            },
            choice("tier", Tier.self) { $0.services.tier = $1 },
            secret("databaseUrl") { $0.services.database = $1 },
            secret("databasePassword") { $0.services.databasePassword = $1 },
            text("stateFile") { $0.services.stateFile = $1 },
            list("natsUrl") { $0.services.natsServers = $1 },
            text("natsUser") { $0.services.natsUser = $1 },
            secret("natsPassword") { $0.services.natsPassword = $1 },
            secret("natsToken") { $0.services.natsToken = $1 },
            text("natsCredentialsFile") { $0.services.natsCredentialsFile = $1 },
            text("natsCaFile") { $0.services.natsCAFile = $1 },
            text("httpHost") { $0.services.httpHost = $1 },
            number("httpPort", 0...65_535) { $0.services.httpPort = $1 },
            list("trustedProxies") { settings, blocks in
                for block in blocks { _ = try AddressBlock(validating: block) }
                settings.services.trustedProxies = blocks
            },
            limit("liveSessionLimit") { $0.services.limits.sessionsPerAddress = $1 },
            limit("liveLessonLimit") { $0.services.limits.perOwner = $1 },
            limit("addressLimit") { $0.services.limits.perAddress = $1 },
            limit("lessonLimit") { $0.services.limits.perSource = $1 },
            limit("backendLimit") { $0.services.limits.perBackend = $1 },
            limit("instanceLimit") { $0.services.limits.perInstance = $1 },
            limit("queueLimit") { $0.services.limits.queueLength = $1 },
            minutes("liveSessionTTL") { $0.services.liveSessionTTL = $1 },
            minutes("liveLessonTTL") { $0.services.liveLessonTTL = $1 },
            seconds("leaseDuration") { $0.services.leaseDuration = $1 },
            seconds("sweepInterval") { $0.services.sweepInterval = $1 },
            seconds("gcInterval") { $0.services.gcInterval = $1 },
            seconds("orphanGrace") { $0.services.orphanGrace = $1 },
            seconds("failedRetention") { $0.services.failedRetention = $1 },
            seconds("eventRetention", to: 10 * 365 * 86_400) { $0.services.eventRetention = $1 },
            seconds("drainDeadline") { $0.services.drainDeadline = $1 },
            number("concurrency", 1...10_000) { $0.services.concurrency = $1 },
            text("otlpEndpoint") { settings, url in
                _ = try OTLPEndpoint(url)
                settings.services.otlpEndpoint = url
            },
            Setting(key: "traceRatio", form: "a number from 0 to 1") { reader, settings in
                let ratio = try reader.requiredDouble(forKey: "traceRatio")
                guard (0...1).contains(ratio) else { throw unusable("\(ratio)", "a number from 0 to 1") }
                settings.services.traceRatio = ratio
            },
            choice("logLevel", Logger.Level.self) { $0.services.logLevel = $1 },
            choice("logFormat", LogFormat.self) { $0.services.logFormat = $1 },
        ]
    }

    private static func unusable(_ value: String, _ form: String) -> AntidoteError {
        AntidoteError(.configurationInvalid, "“\(value.prefix(64))” is not \(form)")
    }

    private static func secret(
        _ key: String,
        _ set: @escaping @Sendable (inout Settings, Secret) -> Void
    ) -> Setting {
        Setting(key: key, form: "a text") {
            set(&$1, Secret(try $0.requiredString(forKey: ConfigKey(key), isSecret: true)))
        }
    }

    private static func list(
        _ key: String,
        _ set: @escaping @Sendable (inout Settings, [String]) throws -> Void
    ) -> Setting {
        Setting(key: key, form: "a text, or a list of texts") { reader, settings in
            // One alone is written without a list.
            let one = reader.string(forKey: ConfigKey(key)).map { [$0] }
            try set(&settings, one ?? reader.requiredStringArray(forKey: ConfigKey(key)))
        }
    }

    private static func number(
        _ key: String,
        _ range: ClosedRange<Int>,
        _ set: @escaping @Sendable (inout Settings, Int) -> Void
    ) -> Setting {
        let form = "a number from \(range.lowerBound) to \(range.upperBound)"
        return Setting(key: key, form: form) { reader, settings in
            let value = try reader.requiredInt(forKey: ConfigKey(key))
            guard range.contains(value) else { throw unusable("\(value)", form) }
            set(&settings, value)
        }
    }

    /// 0: no limit, as it always was.
    private static func limit(
        _ key: String,
        _ set: @escaping @Sendable (inout Settings, Int?) -> Void
    ) -> Setting {
        number(key, 0...1_000_000_000) { set(&$0, $1 == 0 ? nil : $1) }
    }

    /// 0: for ever.
    private static func minutes(
        _ key: String,
        _ set: @escaping @Sendable (inout Settings, Duration?) -> Void
    ) -> Setting {
        number(key, 0...5_000_000) { set(&$0, $1 == 0 ? nil : .seconds($1 * 60)) }
    }

    private static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ key: String,
        _ type: Choice.Type,
        _ set: @escaping @Sendable (inout Settings, Choice) -> Void
    ) -> Setting where Choice.RawValue == String {
        Setting(key: key, form: "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))") {
            set(&$1, try $0.requiredString(forKey: ConfigKey(key), as: Choice.self))
        }
    }
}
