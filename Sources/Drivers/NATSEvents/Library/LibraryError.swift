import AntidoteCore
import CNATS

/// What libnats says went wrong, for people: its texts hold no secrets, but may hold what a server sent.
enum LibraryError {
    /// The text of the last error of this thread, or of the status.
    static func text(_ status: natsStatus) -> String {
        var last = NATS_OK
        let text = nats_GetLastError(&last)
        return self.text(status, last == status ? text : nil)
    }

    static func text(_ status: natsStatus, _ text: UnsafePointer<CChar>?) -> String {
        var said = text.map { String(cString: $0) } ?? ""
        // “(conn.c:1905): Authorization Violation” is for those who write libnats.
        if said.hasPrefix("("), let end = said.firstIndex(of: ")") {
            said = String(said[said.index(after: end)...].drop { $0 == ":" || $0 == " " })
        }
        if said.isEmpty, let name = natsStatus_GetText(status) { said = String(cString: name) }
        let printable = said.unicodeScalars.map { (0x20...0x7E).contains($0.value) ? Character($0) : "?" }
        return String(printable.prefix(400))
    }

    /// Why there is no connection to the server at `place`.
    static func connecting(_ status: natsStatus, to place: String) -> AntidoteError {
        let text = text(status)
        switch status {
        case NATS_CONNECTION_AUTH_FAILED:
            return AntidoteError(
                .busDenied,
                "the NATS server refused the credentials",
                recovery: "See that the configured user, token or key is one of the server's.",
                subject: place
            )
        case NATS_SECURE_CONNECTION_WANTED:
            return AntidoteError(
                .busDenied,
                "the NATS server does not encrypt",
                recovery: "Give the server a certificate, or take TLS out of the settings.",
                subject: place
            )
        case NATS_SSL_ERROR, NATS_SECURE_CONNECTION_REQUIRED:
            return AntidoteError(
                .busDenied,
                "there is no encrypted connection to the NATS server: \(text)",
                recovery:
                    "See that its certificate is for the name in its address and of an authority that is trusted, "
                    + "and that the client's certificate is one that it accepts.",
                subject: place
            )
        default:
            return .unavailable("the NATS server cannot be reached: \(text)", subject: place)
        }
    }
}
