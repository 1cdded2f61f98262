import AntidoteCore

/// What is there when nothing goes wrong any more.
struct Survey: Sendable {
    let world: World
    let front: Front
    let watch: ProviderWatch

    /// Waits until nothing is left to do, and no longer than `limit`. Returns everything that is known, and what is not at
    /// rest even then.
    func untilRest(within limit: Duration) async throws -> (record: RunRecord, unrest: [Violation]) {
        let end = world.time.uptime() + limit
        while true {
            let record = try await record()
            let unrest = Checker(record).unrest()
            if unrest.isEmpty || world.time.uptime() > end { return (record, unrest) }
            try await world.time.sleep(.seconds(1))
        }
    }

    private func record() async throws -> RunRecord {
        var record = RunRecord()
        record.limits = world.settings.limits
        record.exchanges = front.history.all
        record.rows = try await world.rows()
        record.events = try await world.events()
        while await !watch.look() { try await world.time.sleep(.milliseconds(10)) }
        record.samples = watch.samples
        record.strangers = watch.strangers
        return record
    }
}
