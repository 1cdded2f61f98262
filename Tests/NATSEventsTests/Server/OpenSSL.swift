import Foundation
import HostPrograms

/// Runs the `openssl` program in a folder.
enum OpenSSL {
    @discardableResult
    static func run(_ arguments: [String], in folder: TemporaryFolder) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        let (output, problems) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = problems
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        let said = problems.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw HostFailure(
                "openssl \(arguments.first ?? ""): \(String(decoding: said, as: UTF8.self))"
            )
        }
        return data
    }
}

/// An authority, another one, and certificates of the first for `localhost`, for a server elsewhere, and for a client.
struct Certificates: Sendable {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for authority in ["authority", "other"] {
            try OpenSSL.run(
                ["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=\(authority)", "-keyout", "\(authority).key"]
                    + ["-out", "\(authority).pem", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
                in: folder
            )
        }
        let names = [
            "localhost": "DNS:localhost,IP:127.0.0.1", "elsewhere": "DNS:bus.example", "client": "DNS:client.example",
        ]
        for (name, alternatives) in names {
            try OpenSSL.run(
                ["req", "-nodes", "-subj", "/CN=\(name)", "-keyout", "\(name).key", "-out", "\(name).csr"]
                    + ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
                in: folder
            )
            try folder.write("\(name).ext", "subjectAltName=\(alternatives)\n")
            try OpenSSL.run(
                ["x509", "-req", "-days", "2", "-in", "\(name).csr", "-out", "\(name).pem", "-extfile", "\(name).ext"]
                    + ["-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial"],
                in: folder
            )
        }
    }

    var authority: String { folder.file("authority.pem") }
    var otherAuthority: String { folder.file("other.pem") }
    func certificate(_ name: String) -> String { folder.file("\(name).pem") }
    func key(_ name: String) -> String { folder.file("\(name).key") }
}
