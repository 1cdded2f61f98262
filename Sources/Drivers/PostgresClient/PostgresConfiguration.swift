public import AntidoteCore

/// Where the server is, who we are there, and the limits of a pool.
///
/// Whatever libpq knows can be set as a parameter, TLS with `sslmode`, `sslrootcert`, `sslcert` and `sslkey` among it. What
/// is not set comes from the environment (`PGHOST`, `PGPASSFILE` and so on), as with every program that uses libpq.
public struct PostgresConfiguration: Sendable, Hashable {
    /// libpq's connection parameters by name. Never the password.
    public private(set) var parameters: [String: String]
    /// `nil`: none, or the one that libpq finds in its password file.
    public var password: Secret?
    /// For one attempt to connect, name lookup excluded.
    public var connectTimeout: Duration = .seconds(5)
    /// How long a call goes on trying while the server is away, starting, or has no connection left.
    public var patience: Duration = .seconds(5)
    /// How long the server may take to answer one round trip. Then the statement is cancelled at the server.
    public var statementDeadline: Duration = .seconds(10)
    /// How long after a cancellation the server's last word is waited for. Then the connection is given up.
    public var cancelGrace: Duration = .seconds(2)
    /// How many connections there are at most.
    public var poolSize = 8
    /// How long a call waits for a free connection.
    public var borrowDeadline: Duration = .seconds(5)
    /// A connection that was idle for longer is asked whether it works before it is used.
    public var idleCheck: Duration = .seconds(30)
    /// How often a transaction that lost against others is tried in all.
    public var attempts = 8

    /// Reads a URI (`postgresql://user@host:5432/database?sslmode=verify-full`) or libpq's `key=value` text.
    ///
    /// - Parameters:
    ///   - text: As libpq takes it.
    ///   - password: Wins over one in the text.
    /// - Throws: ``PostgresError`` `invalidConfiguration`, which does not repeat the text: it may hold a password.
    public init(_ text: String, password: Secret? = nil) throws(PostgresError) {
        var parsed = try ConnectionText.parse(text)
        self.password = parsed.removeValue(forKey: "password").map { Secret($0) }
        if let password { self.password = password }
        parameters = parsed
        try setDefaults()
    }

    /// - Parameters:
    ///   - host: A name, an address, or the folder of a Unix socket.
    ///   - port: Of the server.
    ///   - database: Its name.
    ///   - user: Who connects.
    ///   - password: `nil`: none, or the one that libpq finds in its password file.
    ///   - parameters: Further parameters of libpq.
    /// - Throws: ``PostgresError`` `invalidConfiguration` for a parameter that libpq does not know.
    public init(
        host: String,
        port: Int = 5432,
        database: String,
        user: String,
        password: Secret? = nil,
        parameters: [String: String] = [:]
    ) throws(PostgresError) {
        guard parameters["password"] == nil else {
            throw PostgresError(.invalidConfiguration, "the password is no parameter: it is given as a secret")
        }
        self.parameters = parameters.merging(
            ["host": host, "port": "\(port)", "dbname": database, "user": user],
            uniquingKeysWith: { $1 }
        )
        self.password = password
        try setDefaults()
    }

    /// Sets a parameter of libpq, such as `sslmode`.
    /// - Throws: ``PostgresError`` `invalidConfiguration` for one that libpq does not know, and for the password.
    public mutating func set(_ name: String, to value: String) throws(PostgresError) {
        parameters[name] = value
        try check()
    }

    /// Where it connects to, for people: without the password.
    public var place: String {
        let host = parameters["host"] ?? parameters["hostaddr"] ?? "the default host"
        return "\(parameters["dbname"] ?? "the default database") at \(host)"
            + (parameters["port"].map { ", port \($0)" } ?? "")
    }

    private mutating func setDefaults() throws(PostgresError) {
        parameters["application_name"] = parameters["application_name"] ?? "antidote"
        // All texts are UTF-8, whatever the environment says.
        parameters["client_encoding"] = "UTF8"
        try check()
    }

    private func check() throws(PostgresError) {
        let known = ConnectionText.knownParameters
        if let unknown = parameters.keys.sorted().first(where: { !known.contains($0) || $0 == "password" }) {
            throw PostgresError(.invalidConfiguration, "“\(unknown)” is no parameter of a connection")
        }
        guard !(parameters.values.contains { $0.utf8.contains(0) }), password?.reveal().utf8.contains(0) != true else {
            throw PostgresError(.invalidConfiguration, "a parameter of the connection holds a NUL character")
        }
    }
}

extension PostgresConfiguration {
    /// - Throws: ``PostgresError`` `invalidConfiguration` for limits that cannot work.
    package func checkLimits() throws(PostgresError) {
        let durations = [connectTimeout, patience, statementDeadline, cancelGrace, borrowDeadline, idleCheck]
        guard poolSize > 0, attempts > 0, durations.allSatisfy({ $0 > .zero }) else {
            throw PostgresError(.invalidConfiguration, "a limit of the connection pool is zero or negative")
        }
    }
}
