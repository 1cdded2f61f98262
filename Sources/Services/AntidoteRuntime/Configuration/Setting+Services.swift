import AntidoteAPI
package import AntidoteCore
import AntidoteLessons
import Logging
import TelemetryExport

/// Settings of services. The names and units of the previous system are kept, such as `natsUrl`, and minutes in
/// `liveLessonTTL`.
extension Setting {
    static let ofServices: [any AnySettingKey] = [
        instanceId, tier, databaseUrl, databasePassword, stateFile, natsUrl, natsUser, natsPassword, natsToken,
        natsCredentialsFile, natsCaFile, httpHost, httpPort, trustedProxies, liveSessionLimit, liveLessonLimit,
        addressLimit, lessonLimit, backendLimit, instanceLimit, queueLimit, liveSessionTTL, liveLessonTTL,
        leaseDuration, sweepInterval, gcInterval, orphanGrace, failedRetention, eventRetention, drainDeadline,
        concurrency, otlpEndpoint, traceRatio, logLevel, logFormat,
    ]

    package static let instanceId = SettingKey(
        "instanceId",
        .instanceID,
        \.services.instance,
        help: "The name of the installation, which every resource of it carries. `antidote up` uses `local`."
    )
    static let tier = SettingKey(
        "tier",
        .choice,
        default: Tier.prod,
        \.services.tier,
        help: "The tier of the lessons that are offered."
    )

    // MARK: State

    package static let databaseUrl = SettingKey(
        "databaseUrl",
        .secret,
        \.services.database,
        help: "The PostgreSQL database, as a URI or as `key=value` text of libpq."
    )
    static let databasePassword = SettingKey(
        "databasePassword",
        .secret,
        \.services.databasePassword,
        help: "The password of the database. Takes precedence over one in `databaseUrl`."
    )
    package static let stateFile = SettingKey(
        "stateFile",
        .text,
        \.services.stateFile,
        help: "A file of SQLite for the state, instead of a PostgreSQL database."
    )

    // MARK: Events

    package static let natsUrl = SettingKey(
        "natsUrl",
        .list,
        default: [],
        \.services.natsServers,
        help: "The addresses of the NATS servers, such as `nats://host:4222` or `tls://host`. "
            + "Unset: events stay in the process."
    )
    static let natsUser = SettingKey("natsUser", .text, \.services.natsUser, help: "The user to connect to NATS as.")
    static let natsPassword = SettingKey(
        "natsPassword",
        .secret,
        \.services.natsPassword,
        help: "The password of `natsUser`."
    )
    static let natsToken = SettingKey(
        "natsToken",
        .secret,
        \.services.natsToken,
        help: "A token for NATS, instead of a user."
    )
    static let natsCredentialsFile = SettingKey(
        "natsCredentialsFile",
        .text,
        \.services.natsCredentialsFile,
        help: "A credentials file for NATS, instead of a user."
    )
    static let natsCaFile = SettingKey(
        "natsCaFile",
        .text,
        \.services.natsCAFile,
        help: "The certificate authority of the NATS servers. Unset: those that the system trusts."
    )

    // MARK: API

    static let httpHost = SettingKey(
        "httpHost",
        .text,
        default: "127.0.0.1",
        \.services.httpHost,
        help: "The address that the API listens on."
    )
    static let httpPort = SettingKey(
        "httpPort",
        .integer(0...65_535),
        default: 8086,
        \.services.httpPort,
        help: "The port that the API listens on. 0 chooses a free one."
    )
    static let trustedProxies = SettingKey(
        "trustedProxies",
        .list(checkingEach: { _ = try AddressBlock(validating: $0) }),
        default: [],
        \.services.trustedProxies,
        help: "Addresses and blocks of the proxies whose `X-Forwarded-For` is trusted."
    )

    // MARK: Telemetry

    static let otlpEndpoint = SettingKey(
        "otlpEndpoint",
        .text(checking: { _ = try OTLPEndpoint($0) }),
        \.services.otlpEndpoint,
        help: "The URL that spans are sent to, with OTLP over HTTP. Unset: spans are not sent."
    )
    static let traceRatio = SettingKey(
        "traceRatio",
        .ratio,
        default: 1,
        \.services.traceRatio,
        help: "The share of the traces started here that are sent."
    )
    static let logLevel = SettingKey(
        "logLevel",
        .choice,
        default: Logger.Level.info,
        \.services.logLevel,
        help: "The lowest level that is logged."
    )
    static let logFormat = SettingKey(
        "logFormat",
        .choice,
        default: LogFormat.auto,
        \.services.logFormat,
        help: "The format of log lines. `auto` is `text` on a terminal, otherwise `json`."
    )
}
