/// What the server says by its five characters, as an error of this module. A value.
package struct SQLState {
    package let code: String
    /// The server's sentence, which may repeat what was sent to it.
    package let message: String
    /// The table, column or constraint that it names.
    package let place: String?

    package var error: PostgresError {
        let (kind, text, advice) = verdict
        return PostgresError(kind, text, advice: advice, sqlState: code, place: place)
    }

    private var verdict: (PostgresError.Code, String, String?) {
        switch code {
        case "28P01", "28000":
            (.authenticationFailed, message, "Check user, password and the server's pg_hba.conf")
        case "3D000":
            (.unknownDatabase, message, "Create it with createdb, or correct the database's name")
        case "42501":
            (.insufficientPrivilege, message, "Grant it to the user, or make the user the owner of the database")
        case "57P03", "57P01", "57P02", "57P05":
            (.notAccepting, message, "Wait until the server is up again")
        case "53300":
            (.tooManyConnections, message, "Raise max_connections, or make the pools smaller")
        case "25006":
            (.readOnly, "the server accepts no writes (\(message))", "Connect to the primary server")
        case "53100", "53200", "58030":
            (.serverFull, message, "Make room at the server")
        case "40001", "40P01":
            (.conflict, "the transaction lost against others", "Try again")
        case "42P01", "42703", "42883", "42P10", "3F000":
            (.wrongSchema, message, "Run “antidote db init” against this database")
        case "23505":
            (.duplicate, "a row with this key exists", nil)
        case "57014":
            (.deadlineExceeded, "the statement took longer than it may", "Look at the server's load and locks")
        default:
            byClass
        }
    }

    private var byClass: (PostgresError.Code, String, String?) {
        switch code.prefix(2) {
        case "08", "57": (.connectionLost, message, "Look at the server's log")
        case "22", "23": (.valueRefused, "the server refused a value", nil)
        case "53", "54": (.serverFull, message, "Look at the server's log")
        default: (.other, "the server failed", "Look at the server's log")
        }
    }
}

extension SQLState {
    /// What the message of a failed connection says: its first line, and the server's code where it is written.
    ///
    /// libpq has no other way to tell the code; it is only there with verbose errors.
    package static func inConnectMessage(_ text: String) -> (code: String?, line: String) {
        let line = String(text.prefix { $0 != "\n" })
        guard let range = line.codeRange else { return (nil, line) }
        let rest = line[line.index(range.upperBound, offsetBy: 2)...]
        return (String(line[range]), String(rest))
    }
}

extension String {
    /// Of the first five capital letters and digits between “:  ” and “: ”; “FATAL” has no digit.
    fileprivate var codeRange: Range<String.Index>? {
        var start = startIndex
        while let colon = self[start...].firstIndex(of: ":") {
            let begin = self[index(after: colon)...].drop { $0 == " " }.startIndex
            let candidate = self[begin...].prefix(5)
            let end = candidate.endIndex
            if candidate.count == 5, candidate.contains(where: \.isNumber),
                candidate.allSatisfy({ $0.isASCII && ($0.isUppercase || $0.isNumber) }),
                self[end...].hasPrefix(": ")
            {
                return begin..<end
            }
            start = index(after: colon)
        }
        return nil
    }
}
