// swift-tools-version: 6.2

import PackageDescription

/// A product that embedders do not fetch.
func forPrograms(_ name: String, _ package: String) -> Target.Dependency {
    .product(name: name, package: package, condition: .when(traits: ["Programs"]))
}

let package = Package(
    name: "antidote",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "AntidoteCore", targets: ["AntidoteCore"]),
        .library(name: "FakeBackend", targets: ["FakeBackend"]),
        .library(name: "DockerBackend", targets: ["DockerBackend"]),
        .library(name: "CurriculumFiles", targets: ["CurriculumFiles"]),
        .library(name: "NATSEvents", targets: ["NATSEvents"]),
        .library(name: "PostgresState", targets: ["PostgresState"]),
        .library(name: "SQLiteState", targets: ["SQLiteState"]),
        .library(name: "AntidoteTesting", targets: ["AntidoteTesting"]),
        .library(name: "AntidoteAPI", targets: ["AntidoteAPI"]),
        .library(name: "AntidoteHost", targets: ["AntidoteHost"]),
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
        .target(
            name: "AntidoteCore",
            dependencies: [
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .testTarget(
            name: "AntidoteCoreTests",
            dependencies: [
                "AntidoteCore", "AntidoteTesting", "FakeBackend", "SecretCanaries",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .target(name: "AntidoteTesting", dependencies: ["AntidoteCore"]),
        // Stores with faults, which the conformance suite must reject.
        .target(name: "StoreMutants", dependencies: ["AntidoteCore", "AntidoteTesting"], path: "Tests/StoreMutants"),
        .testTarget(name: "StoreConformanceTests", dependencies: ["AntidoteCore", "AntidoteTesting", "StoreMutants"]),

        // The deterministic simulation of the core: the scenario, a program that runs seeds of it, and its tests.
        .target(
            name: "SimulationScenario",
            dependencies: [
                "AntidoteCore", "AntidoteTesting", "FakeBackend",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/SimulationScenario"
        ),
        .executableTarget(
            name: "antidote-simulate",
            dependencies: ["SimulationScenario"],
            path: "Tests/antidote-simulate"
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "AntidoteCore", "AntidoteTesting", "SimulationScenario", "antidote-simulate",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]
        ),

        // Secrets that tests plant, and what records whether one of them gets out.
        .target(
            name: "SecretCanaries",
            dependencies: [
                "AntidoteCore", "SecretCanariesStart",
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            path: "Tests/SecretCanaries"
        ),
        .target(name: "SecretCanariesStart", path: "Tests/SecretCanariesStart"),

        // Backends: infrastructure only.
        .target(name: "FakeBackend", dependencies: ["AntidoteCore"], path: "Sources/Backends/FakeBackend"),
        .testTarget(name: "FakeBackendTests", dependencies: ["FakeBackend", "AntidoteTesting", "BackendMutants"]),
        // Backends with faults, which the conformance suite must reject.
        .target(
            name: "BackendMutants",
            dependencies: ["AntidoteCore", "AntidoteTesting"],
            path: "Tests/BackendMutants"
        ),
        .target(
            name: "DockerBackend",
            dependencies: [
                "AntidoteCore", "HTTPTransport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            path: "Sources/Backends/DockerBackend"
        ),
        // How tests start programs of the host.
        .target(
            name: "HostPrograms",
            dependencies: [
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/HostPrograms"
        ),
        .testTarget(
            name: "DockerBackendTests",
            dependencies: [
                "DockerBackend", "AntidoteTesting", "BackendMutants", "HostPrograms", "HTTPTransport",
                "SecretCanaries",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),

        // Drivers: one outside thing each.
        .target(
            name: "CurriculumFiles",
            dependencies: [
                "AntidoteCore",
                .product(name: "Yams", package: "Yams", condition: .when(traits: ["Curriculum"])),
            ],
            path: "Sources/Drivers/CurriculumFiles"
        ),
        .testTarget(name: "CurriculumFilesTests", dependencies: ["CurriculumFiles", "AntidoteCore"]),
        .target(
            name: "HTTPTransport",
            dependencies: ["CCurl", "CCurlShim"],
            path: "Sources/Drivers/HTTPTransport"
        ),
        .testTarget(name: "HTTPTransportTests", dependencies: ["HTTPTransport"]),
        // Spans, metrics and logs on their way out of the process.
        .target(
            name: "TelemetryExport",
            dependencies: [
                "AntidoteCore", "HTTPTransport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            path: "Sources/Drivers/TelemetryExport"
        ),
        .testTarget(
            name: "TelemetryExportTests",
            dependencies: [
                "AntidoteCore", "AntidoteTesting", "TelemetryExport",
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .systemLibrary(
            name: "CCurl",
            path: "Sources/Drivers/CLibs/CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]
        ),
        .target(name: "CCurlShim", dependencies: ["CCurl"], path: "Sources/Drivers/CLibs/CCurlShim"),
        .target(
            name: "NATSEvents",
            dependencies: [
                "AntidoteCore", "CNATS",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            path: "Sources/Drivers/NATSEvents"
        ),
        .testTarget(
            name: "NATSEventsTests",
            dependencies: [
                "AntidoteCore", "AntidoteTesting", "BusMutants", "HostPrograms", "NATSEvents",
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ]
        ),
        .systemLibrary(
            name: "CNATS",
            path: "Sources/Drivers/CLibs/CNATS",
            pkgConfig: "libnats",
            providers: [.apt(["libnats-dev"]), .brew(["cnats"])]
        ),
        // Buses: how the conformance suite tries that of the core, and buses with faults, which it must reject.
        .target(name: "BusMutants", dependencies: ["AntidoteCore", "AntidoteTesting"], path: "Tests/BusMutants"),
        .testTarget(
            name: "EventBusTests",
            dependencies: [
                "AntidoteCore", "AntidoteTesting", "BusMutants",
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ]
        ),
        .target(
            name: "PostgresState",
            dependencies: [
                "AntidoteCore", "CPostgreSQL",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            path: "Sources/Drivers/PostgresState"
        ),
        .testTarget(
            name: "PostgresStateTests",
            dependencies: [
                "AntidoteCore", "AntidoteTesting", "FakeBackend", "HostPrograms", "PostgresState", "StoreMutants",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ]
        ),
        .systemLibrary(
            name: "CPostgreSQL",
            path: "Sources/Drivers/CLibs/CPostgreSQL",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),

        // The HTTP API. Not for embedders: the products are behind the trait of the programs.
        .target(
            name: "AntidoteAPI",
            dependencies: [
                "AntidoteCore",
                forPrograms("Crypto", "swift-crypto"),
                forPrograms("HTTPTypes", "swift-http-types"),
                forPrograms("Hummingbird", "hummingbird"),
                forPrograms("HummingbirdCore", "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                forPrograms("NIOCore", "swift-nio"),
                forPrograms("NIOHTTP1", "swift-nio"),
                forPrograms("NIOHTTPTypes", "swift-nio-extras"),
                forPrograms("NIOHTTPTypesHTTP1", "swift-nio-extras"),
                forPrograms("ServiceLifecycle", "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            path: "Sources/Executables/AntidoteAPI"
        ),
        .testTarget(
            name: "AntidoteAPITests",
            dependencies: [
                "AntidoteAPI", "AntidoteCore", "FakeBackend", "HTTPTransport", "SecretCanaries",
                forPrograms("HTTPTypes", "swift-http-types"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                forPrograms("ServiceLifecycle", "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .target(
            name: "SQLiteState",
            dependencies: [
                "AntidoteCore",
                .product(name: "GRDB", package: "GRDB.swift", condition: .when(traits: ["SQLite"])),
            ],
            path: "Sources/Drivers/SQLiteState"
        ),
        .testTarget(
            name: "SQLiteStateTests",
            dependencies: [
                "AntidoteCore", "AntidoteTesting", "HostPrograms", "SQLiteState", "antidote-write-sqlite",
                .product(name: "GRDB", package: "GRDB.swift", condition: .when(traits: ["SQLite"])),
            ]
        ),
        // Writes to a file until it is killed.
        .executableTarget(
            name: "antidote-write-sqlite",
            dependencies: ["AntidoteCore", "SQLiteState"],
            path: "Tests/antidote-write-sqlite"
        ),

        // Programs: thin compositions.
        .target(
            name: "AntidoteHost",
            dependencies: [
                "AntidoteAPI", "AntidoteCore", "CurriculumFiles", "DockerBackend", "FakeBackend", "NATSEvents",
                "PostgresState", "SQLiteState", "TelemetryExport",
                forPrograms("Configuration", "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                forPrograms("ServiceLifecycle", "swift-service-lifecycle"),
                forPrograms("SystemPackage", "swift-system"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                forPrograms("UnixSignals", "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams", condition: .when(traits: ["Curriculum"])),
            ],
            path: "Sources/Executables/AntidoteHost"
        ),
        .target(
            name: "AntidoteCommand",
            dependencies: [
                "AntidoteCore", "AntidoteHost", "CurriculumFiles",
                forPrograms("ArgumentParser", "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                forPrograms("UnixSignals", "swift-service-lifecycle"),
            ],
            path: "Sources/Executables/AntidoteCommand"
        ),
        .testTarget(
            name: "AntidoteCommandTests",
            dependencies: [
                "AntidoteCommand", "AntidoteCore", "AntidoteHost", "CurriculumFiles", "DockerBackend", "FakeBackend",
                .product(name: "Logging", package: "swift-log"),
                forPrograms("ArgumentParser", "swift-argument-parser"),
                forPrograms("UnixSignals", "swift-service-lifecycle"),
            ]
        ),
        .executableTarget(
            name: "antidote",
            dependencies: [
                "AntidoteCommand",
                forPrograms("ArgumentParser", "swift-argument-parser"),
            ],
            path: "Sources/Executables/antidote"
        ),
        .executableTarget(
            name: "antidote-gc",
            dependencies: [
                "AntidoteCommand",
                forPrograms("ArgumentParser", "swift-argument-parser"),
            ],
            path: "Sources/Executables/antidote-gc"
        ),
        .executableTarget(
            name: "antidote-scheduler",
            dependencies: [
                "AntidoteCommand",
                forPrograms("ArgumentParser", "swift-argument-parser"),
            ],
            path: "Sources/Executables/antidote-scheduler"
        ),
        .executableTarget(
            name: "antidote-api",
            dependencies: [
                "AntidoteCommand",
                forPrograms("ArgumentParser", "swift-argument-parser"),
            ],
            path: "Sources/Executables/antidote-api"
        ),
        // The real programs while anything is killed: the scenario, a program that runs it for as long as one likes, and a
        // short run of it.
        .target(
            name: "ChaosScenario",
            dependencies: ["AntidoteCore", "HostPrograms", "HTTPTransport"],
            path: "Tests/ChaosScenario"
        ),
        .executableTarget(name: "antidote-chaos", dependencies: ["ChaosScenario"], path: "Tests/antidote-chaos"),
        .testTarget(
            name: "ChaosTests",
            dependencies: [
                "antidote", "antidote-api", "antidote-gc", "antidote-scheduler", "ChaosScenario",
            ]
        ),
        // The real programs over real servers: a whole life, and each fault by itself.
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "antidote", "antidote-api", "antidote-gc", "antidote-scheduler", "AntidoteCore", "ChaosScenario",
                "HostPrograms", "HTTPTransport", "NATSEvents",
            ]
        ),
        // Figures, each a ratio to a floor that is measured beside it (make bench).
        .target(name: "BenchmarkStatistics", path: "Benchmarks/BenchmarkStatistics"),
        .testTarget(name: "BenchmarkStatisticsTests", dependencies: ["BenchmarkStatistics"]),
        .executableTarget(
            name: "antidote-bench",
            dependencies: [
                "AntidoteCore", "BenchmarkStatistics", "CurriculumFiles", "DockerBackend", "FakeBackend",
                "HostPrograms",
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Yams", package: "Yams", condition: .when(traits: ["Curriculum"])),
            ],
            path: "Benchmarks/antidote-bench"
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "antidote", "AntidoteCore", "AntidoteHost", "CurriculumFiles", "DockerBackend", "HostPrograms",
                "SecretCanaries",
            ]
        ),
    ]
)

// Fuzz targets: only for libFuzzer (Scripts/fuzz), since nothing else has its entry point.
if Context.environment["ANTIDOTE_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "antidote-fuzz",
            dependencies: ["AntidoteCore", "CurriculumFiles", "DockerBackend", "HTTPTransport"],
            path: "Tests/Fuzzing/antidote-fuzz"
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
