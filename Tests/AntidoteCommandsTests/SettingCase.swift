@_spi(StoreKit) import AntidoteCore
import AntidoteLessons
import DockerBackend
import Logging
import Testing

@testable import AntidoteRuntime

/// A key, its variable, a value, and whether the settings have it.
struct SettingCase: Sendable, CustomTestStringConvertible {
    var key: String
    var variable: String
    var value: String
    var holds: @Sendable (Settings) -> Bool

    var testDescription: String { key }

    static let all = ofRuns + ofServices

    private static let ofRuns = [
        SettingCase(key: "backend", variable: "ANTIDOTE_BACKEND", value: "fake") { $0.backend == .fake },
        SettingCase(key: "curriculumDir", variable: "ANTIDOTE_CURRICULUM_DIR", value: "/c") {
            $0.curriculumDirectory == "/c"
        },
        SettingCase(key: "imageOrg", variable: "ANTIDOTE_IMAGE_ORG", value: "org") { $0.imageOrganisation == "org" },
        SettingCase(key: "curriculumVersion", variable: "ANTIDOTE_CURRICULUM_VERSION", value: "v2") {
            $0.curriculumVersion == "v2"
        },
        SettingCase(key: "labDirectory", variable: "ANTIDOTE_LAB_DIRECTORY", value: "/lab") {
            $0.labDirectory == "/lab"
        },
        SettingCase(key: "dockerHost", variable: "ANTIDOTE_DOCKER_HOST", value: "unix:///d") {
            $0.dockerHost == "unix:///d"
        },
        SettingCase(key: "gateImage", variable: "ANTIDOTE_GATE_IMAGE", value: "g:1") { $0.gateImage == "g:1" },
        SettingCase(key: "configuratorImage", variable: "ANTIDOTE_CONFIGURATOR_IMAGE", value: "c:1") {
            $0.configuratorImage == "c:1"
        },
        SettingCase(key: "jupyterImage", variable: "ANTIDOTE_JUPYTER_IMAGE", value: "j:1") { $0.jupyterImage == "j:1" },
        SettingCase(key: "alwaysPull", variable: "ANTIDOTE_ALWAYS_PULL", value: "true") { $0.alwaysPull },
        SettingCase(key: "allowEgress", variable: "ANTIDOTE_ALLOW_EGRESS", value: "true") { $0.allowEgress },
        SettingCase(key: "allowPrivileged", variable: "ANTIDOTE_ALLOW_PRIVILEGED", value: "true") {
            $0.allowPrivileged
        },
        SettingCase(key: "provisionDeadline", variable: "ANTIDOTE_PROVISION_DEADLINE", value: "7") {
            $0.policy.provisionDeadline == .seconds(7)
        },
        SettingCase(key: "endpointDeadline", variable: "ANTIDOTE_ENDPOINT_DEADLINE", value: "8") {
            $0.endpointDeadline == .seconds(8)
        },
        SettingCase(key: "pullDeadline", variable: "ANTIDOTE_PULL_DEADLINE", value: "9") {
            $0.policy.pullDeadline == .seconds(9)
        },
        SettingCase(key: "jobDeadline", variable: "ANTIDOTE_JOB_DEADLINE", value: "10") {
            $0.jobDeadline == .seconds(10)
        },
        SettingCase(
            key: "registryCredentials",
            variable: "ANTIDOTE_REGISTRY_CREDENTIALS",
            value: "reg.example:5000=ada:p:w=1"
        ) { settings in
            settings.registryCredentials == [
                "reg.example:5000": RegistryCredential(username: "ada", password: Secret("p:w=1"))
            ]
        },
    ]

    private static let ofServices = [
        SettingCase(key: "instanceId", variable: "ANTIDOTE_INSTANCE_ID", value: "prod") {
            $0.services.instance?.rawValue == "prod"
        },
        SettingCase(key: "tier", variable: "ANTIDOTE_TIER", value: "local") { $0.services.tier == .local },
        SettingCase(key: "databaseUrl", variable: "ANTIDOTE_DATABASE_URL", value: "postgresql://h/d") {
            $0.services.database == Secret("postgresql://h/d")
        },
        SettingCase(key: "databasePassword", variable: "ANTIDOTE_DATABASE_PASSWORD", value: "p") {
            $0.services.databasePassword == Secret("p")
        },
        SettingCase(key: "stateFile", variable: "ANTIDOTE_STATE_FILE", value: "/s") { $0.services.stateFile == "/s" },
        SettingCase(key: "natsUrl", variable: "ANTIDOTE_NATS_URL", value: "nats://h:1") {
            $0.services.natsServers == ["nats://h:1"]
        },
        SettingCase(key: "natsUser", variable: "ANTIDOTE_NATS_USER", value: "u") { $0.services.natsUser == "u" },
        SettingCase(key: "natsPassword", variable: "ANTIDOTE_NATS_PASSWORD", value: "p") {
            $0.services.natsPassword == Secret("p")
        },
        SettingCase(key: "natsToken", variable: "ANTIDOTE_NATS_TOKEN", value: "t") {
            $0.services.natsToken == Secret("t")
        },
        SettingCase(key: "natsCredentialsFile", variable: "ANTIDOTE_NATS_CREDENTIALS_FILE", value: "/n") {
            $0.services.natsCredentialsFile == "/n"
        },
        SettingCase(key: "natsCaFile", variable: "ANTIDOTE_NATS_CA_FILE", value: "/ca") {
            $0.services.natsCAFile == "/ca"
        },
        SettingCase(key: "httpHost", variable: "ANTIDOTE_HTTP_HOST", value: "0.0.0.0") {
            $0.services.httpHost == "0.0.0.0"
        },
        SettingCase(key: "httpPort", variable: "ANTIDOTE_HTTP_PORT", value: "0") { $0.services.httpPort == 0 },
        SettingCase(key: "trustedProxies", variable: "ANTIDOTE_TRUSTED_PROXIES", value: "10.0.0.0/8") {
            $0.services.trustedProxies == ["10.0.0.0/8"]
        },
        SettingCase(key: "liveSessionLimit", variable: "ANTIDOTE_LIVE_SESSION_LIMIT", value: "3") {
            $0.services.limits.sessionsPerAddress == 3
        },
        SettingCase(key: "liveLessonLimit", variable: "ANTIDOTE_LIVE_LESSON_LIMIT", value: "4") {
            $0.services.limits.perOwner == 4
        },
        SettingCase(key: "addressLimit", variable: "ANTIDOTE_ADDRESS_LIMIT", value: "5") {
            $0.services.limits.perAddress == 5
        },
        SettingCase(key: "lessonLimit", variable: "ANTIDOTE_LESSON_LIMIT", value: "6") {
            $0.services.limits.perSource == 6
        },
        SettingCase(key: "backendLimit", variable: "ANTIDOTE_BACKEND_LIMIT", value: "7") {
            $0.services.limits.perBackend == 7
        },
        SettingCase(key: "instanceLimit", variable: "ANTIDOTE_INSTANCE_LIMIT", value: "8") {
            $0.services.limits.perInstance == 8
        },
        SettingCase(key: "queueLimit", variable: "ANTIDOTE_QUEUE_LIMIT", value: "9") {
            $0.services.limits.queueLength == 9
        },
        SettingCase(key: "liveSessionTTL", variable: "ANTIDOTE_LIVE_SESSION_TTL", value: "0") {
            $0.services.liveSessionTTL == nil
        },
        SettingCase(key: "liveLessonTTL", variable: "ANTIDOTE_LIVE_LESSON_TTL", value: "2") {
            $0.services.liveLessonTTL == .seconds(120)
        },
        SettingCase(key: "leaseDuration", variable: "ANTIDOTE_LEASE_DURATION", value: "11") {
            $0.services.leaseDuration == .seconds(11)
        },
        SettingCase(key: "sweepInterval", variable: "ANTIDOTE_SWEEP_INTERVAL", value: "12") {
            $0.services.sweepInterval == .seconds(12)
        },
        SettingCase(key: "gcInterval", variable: "ANTIDOTE_GC_INTERVAL", value: "13") {
            $0.services.gcInterval == .seconds(13)
        },
        SettingCase(key: "orphanGrace", variable: "ANTIDOTE_ORPHAN_GRACE", value: "14") {
            $0.services.orphanGrace == .seconds(14)
        },
        SettingCase(key: "failedRetention", variable: "ANTIDOTE_FAILED_RETENTION", value: "15") {
            $0.services.failedRetention == .seconds(15)
        },
        SettingCase(key: "eventRetention", variable: "ANTIDOTE_EVENT_RETENTION", value: "16") {
            $0.services.eventRetention == .seconds(16)
        },
        SettingCase(key: "drainDeadline", variable: "ANTIDOTE_DRAIN_DEADLINE", value: "17") {
            $0.services.drainDeadline == .seconds(17)
        },
        SettingCase(key: "concurrency", variable: "ANTIDOTE_CONCURRENCY", value: "18") {
            $0.services.concurrency == 18
        },
        SettingCase(key: "otlpEndpoint", variable: "ANTIDOTE_OTLP_ENDPOINT", value: "http://h:4318/v1/traces") {
            $0.services.otlpEndpoint == "http://h:4318/v1/traces"
        },
        SettingCase(key: "traceRatio", variable: "ANTIDOTE_TRACE_RATIO", value: "0.5") {
            $0.services.traceRatio == 0.5
        },
        SettingCase(key: "logLevel", variable: "ANTIDOTE_LOG_LEVEL", value: "debug") { $0.services.logLevel == .debug },
        SettingCase(key: "logFormat", variable: "ANTIDOTE_LOG_FORMAT", value: "json") {
            $0.services.logFormat == .json
        },
        SettingCase(key: "fakeDirectory", variable: "ANTIDOTE_FAKE_DIRECTORY", value: "/f") {
            $0.fakeDirectory == "/f"
        },
        SettingCase(key: "fakeIsInstant", variable: "ANTIDOTE_FAKE_IS_INSTANT", value: "true") { $0.fakeIsInstant },
    ]
}
