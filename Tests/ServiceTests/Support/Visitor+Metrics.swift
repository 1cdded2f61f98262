import Foundation
import HTTPTransport

extension Visitor {
    /// A counter of the process that the API runs in: all its lines in which `label` occurs.
    func counted(_ name: String, _ label: String = "") async throws -> Int {
        let answer = try await ask(.get, "/metrics")
        let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
        return lines.filter { ($0.hasPrefix("\(name){") || $0.hasPrefix("\(name) ")) && $0.contains(label) }
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
            .reduce(0, +)
    }
}
