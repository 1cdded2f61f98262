import AntidoteCore
import PostgresClient
import PostgresState
import Testing

@Suite struct ValueTests {
    @Test func everyKindOfValueComesBack() async throws {
        let hostile = "'; drop table x; -- \\ \" \u{1F9EA} \u{7} é"
        let large = String(repeating: "0123456789abcdef", count: 65536)
        let moment = Timestamp(microseconds: 1_764_000_000_123_456)
        try await withConnection { connection, _ in
            let query = PostgresQuery(
                "all",
                "select $1::bool, $2::bigint, $3::text, $4::bytea, $5::timestamptz, $6::jsonb, $7::text, $8::text"
            )
            let statement = query(
                .bool(true),
                .integer(Int64.min),
                .text(hostile),
                .bytes([0, 255, 10, 0]),
                .timestamp(moment),
                .json(#"{"a": [1, "é\n"]}"#),
                .text(large),
                .text("")
            )
            try await connection.transaction { transaction in
                let rows = try transaction.finish(statement)
                let row = try #require(rows.first)
                #expect(try row.bool(0))
                #expect(try row.integer(1) == .min)
                #expect(try row.text(2) == hostile)
                #expect(try row.bytes(3) == [0, 255, 10, 0])
                #expect(try row.timestamp(4) == moment)
                #expect(try row.json(5) == #"{"a": [1, "é\n"]}"#)
                #expect(try row.text(6) == large)
                #expect(try row.text(7) == "")
            }
        }
    }

    @Test func nothingIsNothing() async throws {
        try await withConnection { connection, _ in
            let query = PostgresQuery(
                "nulls",
                "select $1::bool, $2::bigint, $3::text, $4::bytea, $5::timestamptz, $6::jsonb"
            )
            try await connection.transaction { transaction in
                let rows = try transaction.finish(
                    query(.bool(nil), .integer(Int64?.none), .text(nil), .bytes(nil), .timestamp(nil), .json(nil))
                )
                let row = try #require(rows.first)
                #expect(try row.boolIfAny(0) == nil)
                #expect(try row.integerIfAny(1) == nil)
                #expect(try row.textIfAny(2) == nil)
                #expect(try row.bytesIfAny(3) == nil)
                #expect(try row.timestampIfAny(4) == nil)
                #expect(try row.jsonIfAny(5) == nil)
                #expect(throws: PostgresError.self) { try row.text(2) }
                #expect(throws: PostgresError.self) { try row.text(1) }
                #expect(throws: PostgresError.self) { try row.text(6) }
            }
        }
    }

    @Test func arraysBecomeRows() async throws {
        try await withConnection { connection, _ in
            let query = PostgresQuery(
                "arrays",
                """
                select * from unnest($1::bool[], $2::bigint[], $3::text[], $4::bytea[], $5::timestamptz[], $6::jsonb[])
                """
            )
            let moments = [Timestamp(microseconds: 5), nil, .zero]
            let statement = query(
                .bools([true, nil, false]),
                .integers([1, nil, Int64.max]),
                .texts(["{a,\"b\"}", nil, ""]),
                .byteStrings([[0], nil, []]),
                .timestamps(moments),
                .jsons(["[]", nil, "{}"])
            )
            try await connection.transaction { transaction in
                let rows = try transaction.finish(statement)
                #expect(rows.count == 3)
                #expect(try rows.map { try $0.boolIfAny(0) } == [true, nil, false])
                #expect(try rows.map { try $0.integerIfAny(1) } == [1, nil, .max])
                #expect(try rows.map { try $0.textIfAny(2) } == ["{a,\"b\"}", nil, ""])
                #expect(try rows.map { try $0.bytesIfAny(3) } == [[0], nil, []])
                #expect(try rows.map { try $0.timestampIfAny(4) } == moments)
                #expect(try rows.map { try $0.jsonIfAny(5) } == ["[]", nil, "{}"])
            }
            let none = try await connection.number("select count(*) from unnest($1::text[])", .texts([]))
            #expect(none == 0)
        }
    }

    @Test(arguments: [
        0, 1, -1, 946_684_800_000_000, Int64.max, Int64.max - 1, Int64.min, -300_000_000_000_000_000,
        253_402_300_799_999_999,
    ])
    func momentsComeBackOrBecomeInfinite(microseconds: Int64) async throws {
        let moment = Timestamp(microseconds: microseconds)
        try await withConnection { connection, _ in
            let query = PostgresQuery("moment", "select $1::timestamptz")
            let back = try await connection.transaction { try $0.finish(query(.timestamp(moment))).first?.timestamp(0) }
            // The server's years end before ours begin.
            let isTooEarly = microseconds < -211_813_488_000_000_000 + 946_684_800_000_000
            #expect(back == (isTooEarly ? Timestamp(microseconds: .min) : moment))
        }
    }

    @Test func aTextWithNULIsRefusedByName() async throws {
        try await withConnection { connection, _ in
            let error = await failure { try await connection.number("select length($1::text)", .text("a\0b")) }
            #expect(error?.code == .valueRefused)
            #expect(error?.message.contains("NUL") == true)
            let inJSON = await failure { try await connection.execute("select $1::jsonb", .json(#""\u0000""#)) }
            #expect(inJSON?.code == .valueRefused)
            // The connection is as good as before.
            let length = try await connection.number("select length($1::text)", .text("ab"))
            #expect(length == 2)
        }
    }

    @Test func errorsHoldNoValues() async throws {
        let secret = "hunter2-in-a-value"
        try await withConnection { connection, _ in
            try await connection.execute("create table kept (value text primary key, number bigint check (number < 5))")
            try await connection.execute("insert into kept values ($1)", .text(secret))
            let calls = [
                await failure { try await connection.execute("insert into kept values ($1)", .text(secret)) },
                await failure { try await connection.execute("select $1::text::bigint", .text(secret)) },
                await failure {
                    try await connection.execute("insert into kept values ($1, 7)", .text(secret + "2"))
                },
            ]
            for error in calls {
                #expect(error?.description.contains(secret) == false)
                #expect(error?.antidoteError.debugDescription.contains(secret) == false)
            }
            #expect(calls.map(\.?.code) == [.duplicate, .valueRefused, .valueRefused])
            #expect(calls.first??.place == "kept_pkey")
        }
    }
}
