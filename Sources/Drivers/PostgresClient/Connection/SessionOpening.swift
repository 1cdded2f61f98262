import AntidoteCore
internal import CPostgreSQL
package import ConcurrencyKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Connects to a server: one attempt. Blocks its thread.
package struct SessionOpening {
    package let configuration: PostgresConfiguration
    package let wakePipe: WakePipe
    package let control: CallControl

    /// The oldest server that this module knows to use.
    private static let oldestServer: Int32 = 150_000

    /// - Throws: ``PostgresError`` or `CancellationError`.
    package func open() throws -> PostgresSession {
        let session = PostgresSession(try start(), configuration: configuration, wakePipe: wakePipe)
        let raw = session.raw
        // Only so does a refusal tell its code; and what the server only notes is not printed.
        PQsetErrorVerbosity(raw, PQERRORS_VERBOSE)
        PQsetNoticeReceiver(raw, { _, _ in }, nil)
        guard PQstatus(raw) != CONNECTION_BAD else { throw failure(of: raw) }
        try wait(for: raw)
        PQsetErrorVerbosity(raw, PQERRORS_DEFAULT)
        guard PQserverVersion(raw) >= Self.oldestServer else {
            throw PostgresError(
                .serverTooOld,
                "the server has version \(PQserverVersion(raw) / 10_000)",
                advice: "Use PostgreSQL 15 or newer",
                place: configuration.place
            )
        }
        guard PQsetnonblocking(raw, 1) == 0, PQenterPipelineMode(raw) == 1 else { throw PostgresError.lost }
        _ = try session.roundTrip([settings], control: control)
        return session
    }

    /// What the server does by itself when this process is stopped and can do nothing; and one plan for each statement,
    /// by its indexes, however small a table was when it was prepared.
    private var settings: PostgresStatement {
        let deadline = configuration.statementDeadline.wholeMicroseconds / 1000
        return PostgresQuery(
            "settings",
            """
            select set_config('statement_timeout', $1, false), \
            set_config('idle_in_transaction_session_timeout', $2, false), \
            set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', false), \
            set_config('jit', 'off', false)
            """
        )(.text(String(2 * deadline)), .text(String(max(1, deadline / 5))))
    }

    private func start() throws(PostgresError) -> OpaquePointer {
        var pairs = configuration.parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        if let password = configuration.password { pairs.append(("password", password.reveal())) }
        let names = pairs.map { strdup($0.0) }
        let values = pairs.map { strdup($0.1) }
        defer { for text in names + values { free(text) } }
        let raw = PQconnectStartParams(
            names.map { UnsafePointer($0) } + [nil],
            values.map { UnsafePointer($0) } + [nil],
            0
        )
        guard let raw else { throw .noResources("no memory", ENOMEM) }
        return raw
    }

    private func wait(for raw: OpaquePointer) throws {
        let end = ContinuousClock.now.advanced(by: configuration.connectTimeout)
        var events = POLLOUT
        while true {
            switch wakePipe.wait(for: PQsocket(raw), events: Int32(events), until: end) {
            case .woken:
                try control.check()
                continue
            case .timedOut:
                throw PostgresError(
                    .cannotConnect,
                    "no connection within \(configuration.connectTimeout)",
                    advice: "Check the address, and that the server runs and can be reached",
                    place: configuration.place
                )
            case .ready:
                break
            }
            // The descriptor may be another one after each call.
            switch PQconnectPoll(raw) {
            case PGRES_POLLING_OK: return
            case PGRES_POLLING_READING: events = POLLIN
            case PGRES_POLLING_WRITING: events = POLLOUT
            default: throw failure(of: raw)
            }
        }
    }

    private func failure(of raw: OpaquePointer) -> PostgresError {
        let (code, line) = SQLState.inConnectMessage(String(cString: PQerrorMessage(raw)))
        if let code {
            var error = SQLState(code: code, message: line, place: nil).error
            error.place = configuration.place
            return error
        }
        let isTLS = ["SSL", "certificate"].contains { line.contains($0) }
        return PostgresError(
            isTLS ? .tls : .cannotConnect,
            line,
            advice: isTLS
                ? "Check sslmode, the authorities (sslrootcert), the server's name and its settings of TLS"
                : "Check the address, and that the server runs",
            place: configuration.place
        )
    }
}
