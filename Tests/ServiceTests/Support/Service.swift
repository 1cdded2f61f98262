import ChaosScenario
import Foundation
import HTTPTransport
import HostPrograms

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A program that runs. It ends with the value.
final class Service: Sendable {
    let port: Int
    let log: String
    private let child: ChildProgram
    private let command: [String]

    init(_ command: [String], port: Int, log: String, environment: [String: String] = [:]) throws {
        self.command = command
        self.port = port
        self.log = log
        child = try ChildProgram(command, log: log, environment: environment)
    }

    /// Sends it a signal, and returns how it ended, as ``Finished/status``.
    @discardableResult
    func stop(_ signal: Int32) async -> Int32 {
        child.send(signal)
        return await child.end()
    }

    /// How it ended, when it has by itself.
    func end() async -> Int32 { await child.end() }

    /// Returns when it has logged `text`.
    func logged(_ text: String, times: Int = 1) async throws {
        _ = try await eventually("“\(text)” in \(lastWords)") {
            logText.components(separatedBy: text).count > times ? true : nil
        }
    }

    var logText: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    func send(_ signal: Int32) { child.send(signal) }

    /// For a test that failed.
    var lastWords: String { "\(command[0]): \(logText.suffix(3000))" }

    /// Returns when its API says that it is ready.
    func isReady() async throws {
        let visitor = try Visitor(port: port)
        _ = try await eventually("\(command[0]) is ready") {
            if let status = child.status { throw ChaosFailure("it ended with \(status)") }
            return (try? await visitor.ask(.get, "/readyz"))?.status == 200 ? true : nil
        }
    }
}
