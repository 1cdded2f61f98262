import AntidoteCore
import Foundation

/// Live lessons that were never asked for: copies of one that was, in the database and at the provider.
struct ResidentCopies {
    let installation: Installation

    /// Makes so many, the one that is copied among them.
    func make(_ count: Int) async throws {
        let (id, owner) = try await original()
        try await copyRows(count - 1, of: id, owner)
        try await copyFiles(of: id)
    }

    /// Asks for one, and returns it when it is ready.
    private func original() async throws -> (id: String, owner: String) {
        let loop = try installation.makeLoop(connections: 1)
        let token = try loop.openSessions(1)[0]
        loop.ask(.lesson(token: token), for: 0)
        while true {
            for case .event(.ready, let id) in try loop.turn(atMost: .seconds(5)) {
                let owner = try await installation.database.run(
                    "select owner from antidote_state_environments where id = '\(id)'"
                )
                return (id, owner)
            }
        }
    }

    /// Its columns are taken from the table, whatever they are.
    private func copyRows(_ count: Int, of id: String, _ owner: String) async throws {
        let name = "translate(lpad(to_hex(n), 16, '0'), '0123456789', 'ghijklmnop')"
        let tables: [(name: String, key: String, own: String)] = [
            (
                "antidote_state_sessions", "id = '\(owner)'",
                "'id', 's' || \(name), 'token_digest', '\\x' || encode(sha256(('resident ' || n)::bytea), 'hex')"
            ),
            (
                "antidote_state_environments", "id = '\(id)'",
                """
                'id', \(name), 'owner', 's' || \(name), 'ticket', 1000000000 + n, \
                'provisioned', replace(row.provisioned::text, '\(id)', \(name))::jsonb
                """
            ),
            ("antidote_state_events", "environment = '\(id)'", "'environment', \(name), 'owner', 's' || \(name)"),
        ]
        for table in tables {
            try await installation.database.run(
                """
                insert into \(table.name) select copy.* from \(table.name) row, generate_series(1, \(count)) n, \
                jsonb_populate_record(row, jsonb_build_object(\(table.own))) copy where row.\(table.key)
                """
            )
        }
        try await installation.database.run(
            """
            update antidote_state_capacity set held = held + \(count) \
            where ctid = (select ctid from antidote_state_capacity where held > 0 limit 1)
            """
        )
        try await installation.database.run("vacuum analyze")
        try await installation.database.run("checkpoint")
    }

    private func copyFiles(of id: String) async throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: installation.provider)
        guard let name = names.first(where: { $0.hasPrefix(id) }) else {
            throw AntidoteError(.internalFault, "the provider has no file of a lesson that is ready")
        }
        let text = try String(contentsOfFile: "\(installation.provider)/\(name)", encoding: .utf8)
        let rows = try await installation.database.run("select id from antidote_state_environments where id <> '\(id)'")
        for copy in rows.split(separator: "\n") {
            let path = "\(installation.provider)/\(name.replacing(id, with: copy))"
            try Data(text.replacing(id, with: copy).utf8).write(to: URL(fileURLWithPath: path))
        }
    }
}
