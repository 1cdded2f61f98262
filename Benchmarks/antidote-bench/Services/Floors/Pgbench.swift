import AntidoteCore
import Foundation
import HostPrograms

/// What the database does by itself: transactions of a script, by pgbench.
struct Pgbench {
    let database: PrivateDatabase
    /// The file of the script.
    let script: String

    init(_ database: PrivateDatabase, script: String, in folder: String, as name: String) throws {
        self.database = database
        self.script = "\(folder)/\(name).sql"
        try script.write(toFile: self.script, atomically: true, encoding: .utf8)
    }

    /// A transaction that makes a row of the size of ours, and changes it, in one round trip.
    static func bare(on database: PrivateDatabase, in folder: String) async throws -> Pgbench {
        try await database.run(
            """
            create table if not exists bench_rows (
                id bigint primary key, body text not null, changes bigint not null default 0,
                changed_at timestamptz not null default now()
            )
            """
        )
        // A number of the script's own: one that the server drew is volatile, and finds no row by the index.
        let script = """
            \\set id random(1, 9000000000000000000)
            \\startpipeline
            begin;
            insert into bench_rows (id, body) values (:id, repeat('x', 600));
            update bench_rows set changes = changes + 1, changed_at = now() where id = :id;
            commit;
            \\endpipeline
            """
        return try Pgbench(database, script: script, in: folder, as: "bare")
    }

    /// Plans by index, as our connections ask for them: after a while without statistics the server would walk the tables.
    private static let options = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off"

    /// Transactions a second of `clients` at once, over `seconds`.
    func rate(clients: Int, seconds: Int) async throws -> Double {
        let text = try await Finished.output(
            of: try PostgresPrograms.path(of: "pgbench"),
            [
                "-h", "127.0.0.1", "-p", "\(database.server.port)", "-U", "postgres", "-n", "-M", "prepared", "-c",
                "\(clients)", "-j", "1", "-T", "\(seconds)", "-D", "n=0", "-f", script, DatabaseServer.database,
            ],
            environment: ["PGOPTIONS": Self.options]
        )
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("tps = ") }),
            let rate = line.split(separator: " ").dropFirst(2).first.flatMap({ Double($0) }), rate > 0
        else { throw AntidoteError(.internalFault, "pgbench does not tell its rate: \(text.suffix(1000))") }
        return rate
    }
}
