// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "plain-store",
    platforms: [.macOS(.v15)],
    dependencies: [
        // No traits: neither a YAML parser nor a command line is fetched.
        .package(url: "https://github.com/antidote-labs/antidote", from: "0.1.0", traits: [])
    ],
    targets: [
        .executableTarget(
            name: "plain-store",
            dependencies: [
                .product(name: "AntidoteCore", package: "antidote"),
                .product(name: "AntidoteTesting", package: "antidote"),
            ],
            path: "Sources"
        )
    ]
)
