// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "antidote",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "AntidoteCore", targets: ["AntidoteCore"]),
        .library(name: "AntidoteLessons", targets: ["AntidoteLessons"]),
        .library(name: "FakeBackend", targets: ["FakeBackend"]),
        .library(name: "DockerBackend", targets: ["DockerBackend"]),
        .library(name: "CurriculumFiles", targets: ["CurriculumFiles"]),
        .library(name: "NATSEvents", targets: ["NATSEvents"]),
        .library(name: "PostgresState", targets: ["PostgresState"]),
        .library(name: "SQLiteState", targets: ["SQLiteState"]),
        .library(name: "AntidoteTesting", targets: ["AntidoteTesting"]),
        .library(name: "AntidoteAPI", targets: ["AntidoteAPI"]),
        .library(name: "AntidoteRuntime", targets: ["AntidoteRuntime"]),
        .executable(name: "antidote", targets: ["antidote"]),
        .executable(name: "antidote-api", targets: ["antidote-api"]),
        .executable(name: "antidote-scheduler", targets: ["antidote-scheduler"]),
        .executable(name: "antidote-gc", targets: ["antidote-gc"]),
    ],
    traits: [
        .trait(name: "Curriculum", description: "Lessons read from YAML files (fetches Yams)."),
        .trait(name: "SQLite", description: "State in a file of SQLite (fetches GRDB, needs libsqlite3)."),
        .trait(
            name: "Programs",
            description: "The command line and the services (fetches swift-argument-parser and others).",
            enabledTraits: ["Curriculum", "SQLite"]
        ),
        .default(enabledTraits: ["Curriculum", "Programs", "SQLite"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: [.defaults, "YAML"]),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // The core: what a lab is, and everything that decides about one. No YAML, HTTP, SQL, Docker or C.
        library("AntidoteCore", ["ConcurrencyKit", .logging, .metrics, .tracing]),
        library("AntidoteTesting", ["AntidoteCore"]),
        // Waiters, timers, backoff and threads, for the core and everything above it. No product, and no dependencies.
        library("ConcurrencyKit", []),

        // Lessons: one kind of source, over the core.
        library("AntidoteLessons", ["AntidoteCore", .logging, .metrics, .tracing]),

        // Backends: infrastructure only.
        backend(
            "DockerBackend",
            ["ConcurrencyKit", "HTTPTransport", .logging, .metrics, .subprocess, .systemPackage, .tracing]
        ),
        backend("FakeBackend", ["ConcurrencyKit"]),

        // Drivers: one outside thing each.
        driver("CurriculumFiles", ["AntidoteLessons", .yams]),
        driver("HTTPTransport", ["CCurl", "CCurlShim", "ConcurrencyKit", .deque], importsCore: false),
        driver("NATSEvents", ["CNATS", "ConcurrencyKit", .deque, .logging, .metrics]),
        driver("PostgresClient", ["CPostgreSQL", "ConcurrencyKit", .logging, .metrics]),
        driver("PostgresState", ["ConcurrencyKit", "PostgresClient", .logging, .metrics]),
        driver("SQLiteState", [.grdb]),
        driver("TelemetryExport", ["ConcurrencyKit", "HTTPTransport", .deque, .logging, .metrics, .tracing]),
        systemLibrary("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev", brew: "curl"),
        .target(name: "CCurlShim", dependencies: ["CCurl"], path: "Sources/Drivers/CLibs/CCurlShim"),
        systemLibrary("CNATS", pkgConfig: "libnats", apt: "libnats-dev", brew: "cnats"),
        systemLibrary("CPostgreSQL", pkgConfig: "libpq", apt: "libpq-dev", brew: "libpq"),

        // Services: libraries that the programs are made of. Their packages are behind a trait, so embedders fetch none.
        service(
            "AntidoteAPI",
            [
                "AntidoteLessons",
                .forPrograms("Crypto", "swift-crypto"),
                .forPrograms("HTTPTypes", "swift-http-types"),
                .forPrograms("Hummingbird", "hummingbird"),
                .forPrograms("HummingbirdCore", "hummingbird"),
                .logging,
                .forPrograms("NIOCore", "swift-nio"),
                .forPrograms("NIOHTTP1", "swift-nio"),
                .forPrograms("NIOHTTPTypes", "swift-nio-extras"),
                .forPrograms("NIOHTTPTypesHTTP1", "swift-nio-extras"),
                .serviceLifecycle,
                .tracing,
            ]
        ),
        service(
            "AntidoteCommands",
            [
                "AntidoteLessons", "AntidoteRuntime", "ConcurrencyKit", "CurriculumFiles", .argumentParser, .logging,
                .unixSignals,
            ]
        ),
        service(
            "AntidoteRuntime",
            [
                "AntidoteAPI", "AntidoteLessons", "CurriculumFiles", "DockerBackend", "FakeBackend", "NATSEvents",
                "PostgresState", "SQLiteState", "TelemetryExport",
                .forPrograms("Configuration", "swift-configuration"),
                .logging, .metrics, .serviceLifecycle,
                .forPrograms("SystemPackage", "swift-system"),
                .tracing, .unixSignals, .yams,
            ]
        ),

        // Executables: a main each.
        program("antidote"),
        program("antidote-api"),
        program("antidote-gc"),
        program("antidote-scheduler"),

        // Tools: programs that only the tests and developers run.
        tool("antidote-chaos", ["ChaosScenario"]),
        tool("antidote-simulate", ["SimulationScenario"]),
        tool("antidote-write-sqlite", ["AntidoteCore", "SQLiteState"]),

        // What tests share.
        support("BackendMutants", ["AntidoteCore", "AntidoteTesting"]),
        support("BusMutants", ["AntidoteCore", "AntidoteTesting"]),
        support("ChaosScenario", ["AntidoteCore", "HostPrograms", "HTTPTransport"]),
        support("HostPrograms", [.subprocess, .systemPackage]),
        support("ReferenceModel", ["AntidoteCore"]),
        support(
            "SecretCanaries",
            [
                "AntidoteCore", "SecretCanariesStart", .inMemoryTracing,
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .logging, .metrics, .tracing,
            ]
        ),
        .target(name: "SecretCanariesStart", path: "TestSupport/SecretCanariesStart"),
        support("SimulationScenario", ["AntidoteCore", "AntidoteTesting", "FakeBackend", .logging]),
        support("StoreMutants", ["AntidoteCore", "AntidoteTesting", "ReferenceModel"]),

        // Tests.
        tests(
            "AntidoteAPITests",
            [
                "AntidoteAPI", "AntidoteLessons", "FakeBackend", "HTTPTransport", "SecretCanaries",
                .forPrograms("HTTPTypes", "swift-http-types"),
                .inMemoryLogging, .inMemoryTracing, .logging, .serviceLifecycle, .tracing,
            ]
        ),
        tests(
            "AntidoteCommandsTests",
            [
                "AntidoteCommands", "AntidoteLessons", "AntidoteRuntime", "CurriculumFiles", "DockerBackend",
                "FakeBackend", .argumentParser, .logging, .unixSignals,
            ]
        ),
        tests(
            "AntidoteCoreTests",
            [
                "AntidoteTesting", "ConcurrencyKit", "FakeBackend", "SecretCanaries", .inMemoryLogging,
                .inMemoryTracing, .logging, .metricsTestKit, .tracing,
            ]
        ),
        tests(
            "AntidoteLessonsTests",
            ["AntidoteLessons", "FakeBackend", "SecretCanaries", .inMemoryLogging, .logging]
        ),
        tests("BenchmarkStatisticsTests", ["BenchmarkStatistics"]),
        tests(
            "ChaosTests",
            ["antidote", "antidote-api", "antidote-gc", "antidote-scheduler", "ChaosScenario"]
        ),
        tests("ConcurrencyKitTests", ["AntidoteTesting", "ConcurrencyKit"]),
        tests("CurriculumFilesTests", ["AntidoteLessons", "CurriculumFiles"]),
        tests(
            "DockerBackendTests",
            [
                "AntidoteTesting", "BackendMutants", "DockerBackend", "HostPrograms", "HTTPTransport", "SecretCanaries",
                .logging, .metrics, .tracing,
            ]
        ),
        tests(
            "EndToEndTests",
            [
                "antidote", "AntidoteLessons", "AntidoteRuntime", "CurriculumFiles", "DockerBackend", "HostPrograms",
                "SecretCanaries",
            ]
        ),
        tests("EventBusTests", ["AntidoteTesting", "BusMutants", .metrics, .metricsTestKit]),
        tests("FakeBackendTests", ["AntidoteTesting", "BackendMutants", "FakeBackend"]),
        tests("HTTPTransportTests", ["HTTPTransport"]),
        tests(
            "NATSEventsTests",
            [
                "AntidoteTesting", "BusMutants", "HostPrograms", "NATSEvents", .inMemoryLogging, .logging, .metrics,
                .metricsTestKit,
            ]
        ),
        tests(
            "PostgresStateTests",
            [
                "AntidoteTesting", "FakeBackend", "HostPrograms", "PostgresClient", "PostgresState", "ReferenceModel",
                "StoreMutants", .logging, .metrics, .metricsTestKit,
            ]
        ),
        tests(
            "ServiceTests",
            [
                "antidote", "antidote-api", "antidote-gc", "antidote-scheduler", "AntidoteLessons", "ChaosScenario",
                "HostPrograms", "HTTPTransport", "NATSEvents",
            ]
        ),
        tests("SimulationTests", ["AntidoteTesting", "SimulationScenario", "antidote-simulate", .subprocess]),
        tests(
            "SQLiteStateTests",
            ["AntidoteTesting", "HostPrograms", "ReferenceModel", "SQLiteState", "antidote-write-sqlite", .grdb]
        ),
        tests("StoreConformanceTests", ["AntidoteTesting", "ReferenceModel", "StoreMutants"]),
        tests(
            "TelemetryExportTests",
            ["AntidoteTesting", "TelemetryExport", .inMemoryLogging, .logging, .metrics, .tracing]
        ),

        // Benchmarks: figures, each a ratio to a floor that is measured beside it (make bench).
        .target(name: "BenchmarkStatistics", path: "Benchmarks/BenchmarkStatistics"),
        .executableTarget(
            name: "antidote-bench",
            dependencies: [
                "AntidoteCore", "AntidoteLessons", "BenchmarkStatistics", "CurriculumFiles", "DockerBackend",
                "FakeBackend", "HostPrograms", .metrics, .yams,
            ],
            path: "Benchmarks/antidote-bench"
        ),
    ]
)

// Fuzz targets: only for libFuzzer (Scripts/fuzz), since nothing else has its entry point.
if Context.environment["ANTIDOTE_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "antidote-fuzz",
            dependencies: ["AntidoteCore", "AntidoteLessons", "CurriculumFiles", "DockerBackend", "HTTPTransport"],
            path: "Tools/fuzz/antidote-fuzz"
        )
    )
}

for target in package.targets where [.executable, .test, .regular].contains(target.type) {
    guard !["CCurlShim", "SecretCanariesStart"].contains(target.name) else { continue }
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),  // SE-0335
        .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
        .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
    ]
}

// MARK: - Products of other packages

extension Target.Dependency {
    static var argumentParser: Self { forPrograms("ArgumentParser", "swift-argument-parser") }
    static var deque: Self { .product(name: "DequeModule", package: "swift-collections") }
    static var grdb: Self { .product(name: "GRDB", package: "GRDB.swift", condition: .when(traits: ["SQLite"])) }
    static var inMemoryLogging: Self { .product(name: "InMemoryLogging", package: "swift-log") }
    static var inMemoryTracing: Self { .product(name: "InMemoryTracing", package: "swift-distributed-tracing") }
    static var logging: Self { .product(name: "Logging", package: "swift-log") }
    static var metrics: Self { .product(name: "Metrics", package: "swift-metrics") }
    static var metricsTestKit: Self { .product(name: "MetricsTestKit", package: "swift-metrics") }
    static var serviceLifecycle: Self { forPrograms("ServiceLifecycle", "swift-service-lifecycle") }
    static var subprocess: Self { .product(name: "Subprocess", package: "swift-subprocess") }
    static var systemPackage: Self { .product(name: "SystemPackage", package: "swift-system") }
    static var tracing: Self { .product(name: "Tracing", package: "swift-distributed-tracing") }
    static var unixSignals: Self { forPrograms("UnixSignals", "swift-service-lifecycle") }
    static var yams: Self { .product(name: "Yams", package: "Yams", condition: .when(traits: ["Curriculum"])) }

    /// A product that is fetched only with the trait `Programs`.
    static func forPrograms(_ name: String, _ package: String) -> Self {
        .product(name: name, package: package, condition: .when(traits: ["Programs"]))
    }
}

// MARK: - Families of targets

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(name)")
}

func backend(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: ["AntidoteCore"] + dependencies, path: "Sources/Backends/\(name)")
}

func driver(_ name: String, _ dependencies: [Target.Dependency], importsCore: Bool = true) -> Target {
    .target(
        name: name,
        dependencies: (importsCore ? ["AntidoteCore"] : []) + dependencies,
        path: "Sources/Drivers/\(name)"
    )
}

func systemLibrary(_ name: String, pkgConfig: String, apt: String, brew: String) -> Target {
    .systemLibrary(
        name: name,
        path: "Sources/Drivers/CLibs/\(name)",
        pkgConfig: pkgConfig,
        providers: [.apt([apt]), .brew([brew])]
    )
}

func service(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: ["AntidoteCore"] + dependencies, path: "Sources/Services/\(name)")
}

func program(_ name: String) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["AntidoteCommands", .argumentParser],
        path: "Sources/Executables/\(name)"
    )
}

func tool(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: "Tools/\(name)")
}

func support(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "TestSupport/\(name)")
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: ["AntidoteCore"] + dependencies)
}
