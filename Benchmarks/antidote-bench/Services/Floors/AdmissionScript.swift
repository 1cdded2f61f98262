import AntidoteCore
import Foundation

/// The statements of one admission, as the server was sent them, as a script of pgbench: what differs from one admission
/// to the next becomes variables of it.
struct AdmissionScript {
    /// Whose sessions it uses: those of `:client_id`, numbered from 1.
    static let sessionsOfClient = 20_000

    private(set) var text = "\\set n :n + 1\n\\set owner :client_id * \(sessionsOfClient) + :n\n\\startpipeline\n"

    /// - Parameters:
    ///   - log: What the server has logged of all statements since before the admission.
    ///   - ticket: That of the admission, which no other number in it may be.
    init(log: String, environment: String, owner: String, ticket: String) throws {
        let statements = try Self.admission(in: LoggedStatement.all(in: log))
        for (index, statement) in statements.enumerated() {
            text += statement.sql { value in
                switch value {
                case owner: ":owner::text"
                case "{\(owner)}": "array[:owner::text]"
                case environment: "('e' || :owner)::text"
                case "{\(environment)}": "array['e' || :owner]::text[]"
                case "{\(ticket)}": "array[currval('antidote_state_tickets')]::bigint[]"
                default: nil
                }
            }
            text += ";\n"
            // Between its two round trips the admission decides.
            let isEndOfTrip = index + 1 < statements.count && statements[index + 1].sql.hasPrefix("insert")
            if isEndOfTrip, !statement.sql.hasPrefix("insert") { text += "\\endpipeline\n\\startpipeline\n" }
        }
        text += "\\endpipeline\n"
    }

    /// From the last `begin` before a ticket was drawn until its commit.
    private static func admission(in all: [LoggedStatement]) throws -> [LoggedStatement] {
        guard let drawn = all.lastIndex(where: { $0.sql.contains("nextval('antidote_state_tickets')") }) else {
            throw AntidoteError(.internalFault, "the database has logged no admission")
        }
        let own = all.filter { $0.process == all[drawn].process }
        guard let place = own.lastIndex(where: { $0.sql.contains("nextval('antidote_state_tickets')") }),
            let start = own[..<place].lastIndex(where: { $0.sql.hasPrefix("begin") }),
            let end = own[place...].firstIndex(where: { $0.sql.hasPrefix("commit") })
        else { throw AntidoteError(.internalFault, "the database has logged a part of an admission") }
        return Array(own[start...end])
    }
}

/// A statement as PostgreSQL logs it: by which process, and with which values.
struct LoggedStatement {
    var process: String
    var sql: String
    /// As texts; `nil` for a null.
    var values: [String?] = []

    /// With each value as `expression` says, or else as it is.
    func sql(_ expression: (String) -> String?) -> String {
        var text = sql
        // $12 is not $1 and a 2.
        for (index, value) in values.enumerated().reversed() {
            let literal = value.map { expression($0) ?? Self.literal($0) } ?? "null"
            text = text.replacingOccurrences(of: "$\(index + 1)", with: literal)
        }
        return text
    }

    /// Nothing in it looks like a variable of pgbench.
    private static func literal(_ value: String) -> String {
        let safe = value.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "'", with: "''")
            .replacingOccurrences(of: ":", with: "\\x3a")
        return safe.contains("\\") ? "E'\(safe)'" : "'\(safe)'"
    }

    static func all(in log: String) -> [LoggedStatement] {
        var statements: [LoggedStatement] = []
        /// What the next detail that a process logs is about.
        var latest: [String: Int] = [:]
        for line in log.split(separator: "\n") {
            guard let bar = line.firstIndex(of: "|") else { continue }
            let process = String(line[..<bar])
            if let execute = line.firstRange(of: " execute "),
                let colon = line[execute.upperBound...].firstRange(of: ": ")
            {
                latest[process] = statements.count
                statements.append(LoggedStatement(process: process, sql: String(line[colon.upperBound...])))
            } else if let detail = line.firstRange(of: "DETAIL:  parameters: ") {
                if let index = latest[process] { statements[index].values = values(in: line[detail.upperBound...]) }
            } else {
                latest[process] = nil
            }
        }
        return statements
    }

    /// `$1 = 'a', $2 = NULL` and so on.
    private static func values(in text: Substring) -> [String?] {
        var values: [String?] = []
        var rest = text
        while let equals = rest.firstRange(of: " = ") {
            rest = rest[equals.upperBound...]
            guard rest.first == "'" else {
                values.append(nil)
                continue
            }
            var value = ""
            rest = rest.dropFirst()
            while let character = rest.popFirst() {
                if character == "'" {
                    guard rest.first == "'" else { break }
                    rest = rest.dropFirst()
                }
                value.append(character)
            }
            values.append(value)
        }
        return values
    }
}
