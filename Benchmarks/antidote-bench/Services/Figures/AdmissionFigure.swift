import AntidoteCore
import BenchmarkStatistics
import Foundation

/// Requests that are accepted, while nobody works on them, next to what the database can do with the same statements.
struct AdmissionFigure {
    let installation: Installation
    let rounds: Int
    let progress: ProgressLine

    private static let clients = 32
    private static let time = 4
    private static let sessions = 20_000

    func add(to section: inout Section) async throws {
        await installation.stop([.scheduler, .gc])
        let loop = try installation.makeLoop(connections: Self.clients)
        progress.say("services: opening sessions")
        let tokens = try loop.openSessions(Self.sessions)
        let floor = try await makeFloor(loop, tokens[0])
        var sample = PairedSample()
        for round in 0..<rounds {
            progress.say("services: admissions, round \(round + 1) of \(rounds)")
            try await clear()
            let measured = try loop.admissions(of: tokens, atOnce: 128, for: .seconds(Self.time))
            try await clear()
            let bare = try await floor.rate(clients: Self.clients, seconds: Self.time)
            sample.add(measured: measured, floor: bare)
            progress.say("services: \(measured.text())/s accepted, pgbench \(bare.text())/s")
        }
        try await clear()
        section.rows.append(
            Section.Row(
                what: "accepted requests (floor: pgbench with the same statements)",
                measured: "\((sample.measured?.median ?? .nan).text())/s",
                floor: "\((sample.floor?.median ?? .nan).text())/s",
                ratio: sample.ratio,
                goal: Section.Goal(text: "0.5 or more", isMet: (sample.ratio?.median ?? 0) >= 0.5)
            )
        )
    }

    private func clear() async throws {
        try await installation.database.run(
            "truncate antidote_state_environments, antidote_state_events, antidote_state_capacity"
        )
        try await installation.database.run("checkpoint")
    }

    private func makeFloor(_ loop: LoadLoop, _ token: String) async throws -> Pgbench {
        let database = installation.database
        // A number that is nothing else in the log.
        let ticket = "77000001"
        try await database.run("select setval('antidote_state_tickets', \(ticket), false)")
        try await setLogging("0")
        let start = try FileHandle(forReadingFrom: URL(fileURLWithPath: database.log)).seekToEnd()
        loop.ask(.lesson(token: token), for: 0)
        guard try loop.answer(within: .seconds(10)).status == 201 else {
            throw AntidoteError(.internalFault, "the request to be recorded was not accepted")
        }
        try await setLogging("-1")
        let row = try await database.run("select id, owner from antidote_state_environments where ticket = \(ticket)")
            .split(separator: "|").map(String.init)
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: database.log))
        try handle.seek(toOffset: start)
        let log = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
        guard row.count == 2 else { throw AntidoteError(.internalFault, "the recorded request has no row") }
        let script = try AdmissionScript(log: log, environment: row[0], owner: row[1], ticket: ticket)
        try await makeSessions(like: row[1])
        return try Pgbench(database, script: script.text, in: installation.folder, as: "admission")
    }

    /// Those that the script admits for.
    private func makeSessions(like owner: String) async throws {
        let all = Self.clients * AdmissionScript.sessionsOfClient
        try await installation.database.run(
            """
            insert into antidote_state_sessions \
            (id, token_digest, created_at, ends_at, is_persistent, provider, subject, address) \
            select n::text, sha256(n::text::bytea), created_at, ends_at, is_persistent, provider, subject, address \
            from antidote_state_sessions, generate_series(1, \(all)) n where id = '\(owner)'
            """
        )
        try await installation.database.run("vacuum analyze antidote_state_sessions")
    }

    private func setLogging(_ value: String) async throws {
        try await installation.database.run("alter system set log_min_duration_statement = \(value)")
        try await installation.database.run("select pg_reload_conf(), pg_sleep(0.3)")
    }
}
