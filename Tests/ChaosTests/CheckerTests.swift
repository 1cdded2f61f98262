import ChaosScenario
import Testing

/// The checker itself: it is silent about what is right, and says each thing that is not.
@Suite struct CheckerTests {
    /// A record in which one session has asked for a lesson, got it, changed its stage and left, and another has stayed.
    private static var right: RunRecord {
        var record = RunRecord()
        record.limits.perInstance = 2
        record.limits.perSession = 2
        record.exchanges = [
            exchange(.request(lesson: "one", stage: 0), 10, 11, 201, [seen("a", "QUEUED")]),
            exchange(.read("a"), 12, 13, 200, [seen("a", "BOOTING")]),
            exchange(.read("a"), 14, 15, 200, [seen("a", "READY")]),
            exchange(.change("a", stage: 1), 16, 17, 200, [seen("a", "CONFIGURATION", generation: 2, stage: 1)]),
            exchange(.list, 18, 19, 200, [seen("a", "READY", generation: 2, stage: 1)]),
            exchange(.delete("a"), 20, 21, 202, [seen("a", "DELETING", generation: 3, stage: 1)]),
            exchange(.request(lesson: "one", stage: 0), 22, 23, 201, [seen("b", "QUEUED")]),
            exchange(.read("b"), 24, 25, 200, [seen("b", "READY")]),
            exchange(.change("b", stage: 2), 26, 27, 200, [seen("b", "READY", generation: 2, stage: 2)]),
        ]
        record.events = [
            event("NewLiveLesson", "a", 1, 10.5), event("LiveLessonReady", "a", 2, 13.5),
            event("StageChangeLiveLesson", "a", 3, 16.5), event("LiveLessonReady", "a", 4, 17.5),
            event("DeleteLiveLesson", "a", 5, 20.8), event("NewLiveLesson", "b", 1, 22.5),
            event("LiveLessonReady", "b", 2, 23.5), event("StageChangeLiveLesson", "b", 3, 26.5),
            event("LiveLessonReady", "b", 4, 27.5),
        ]
        record.strangers = [entry("a", instance: "stranger"), entry("a", store: "other")]
        record.samples = [
            ProviderSample(time: 12, entries: record.strangers.union([entry("a")])),
            ProviderSample(time: 30, entries: record.strangers.union([entry("b")])),
        ]
        var row = RowRecord(id: "b", session: "s", lesson: "one", phase: "READY", incarnation: 1)
        row.stage = 2
        record.rows = [row]
        return record
    }

    private static func seen(_ id: String, _ phase: String, generation: Int = 1, stage: Int = 0) -> SeenLesson {
        SeenLesson(id: id, lesson: "one", phase: phase, generation: generation, wantedStage: stage)
    }

    private static func exchange(
        _ kind: Exchange.Kind,
        _ sent: Double,
        _ received: Double,
        _ status: Int?,
        _ seen: [SeenLesson] = []
    ) -> Exchange {
        var exchange = Exchange(kind, session: "s", sent: sent, received: received, status: status)
        exchange.seen = seen
        return exchange
    }

    private static func event(_ type: String, _ id: String, _ sequence: Int, _ time: Double) -> EventRecord {
        EventRecord(type, of: id, session: "s", lesson: "one", sequence: sequence, time: time)
    }

    private static func entry(
        _ id: String,
        _ incarnation: Int = 1,
        instance: String = "chaos",
        store: String = "own"
    ) -> ProviderEntry {
        ProviderEntry(environment: id, incarnation: incarnation, instance: instance, store: store)
    }

    private static func upgrade(_ record: RunRecord) -> RunRecord.Upgrade {
        RunRecord.Upgrade(from: 28, to: 30, ready: record.rows)
    }

    /// One thing that is wrong, the rule that must be named, and words of the sentence.
    struct Mutant: Sendable, CustomTestStringConvertible {
        let name: String
        let rule: Int
        let words: String
        let plant: @Sendable (inout RunRecord) -> Void

        init(
            _ rule: Int,
            _ name: String,
            _ words: String,
            _ plant: @escaping @Sendable (inout RunRecord) -> Void
        ) {
            self.rule = rule
            self.name = name
            self.words = words
            self.plant = plant
        }

        var testDescription: String { name }
    }

    private static let mutants = [
        Mutant(1, "an accepted request without a trace", "does not know it") { record in
            record.events.removeAll { $0.liveLesson == "b" }
            record.rows = []
            record.samples[1].entries = record.strangers
        },
        Mutant(1, "a row that is gone and was not deleted", "gone without having been deleted") { record in
            record.rows = []
            record.samples[1].entries = record.strangers
        },
        Mutant(1, "a lab that was taken away from its user", "nobody asked") { $0.exchanges.remove(at: 5) },
        Mutant(1, "a boot for ever", "BOOTING for ever") { $0.rows[0].phase = "BOOTING" },
        Mutant(1, "a queue for ever while there is room", "QUEUED for ever") { record in
            record.rows[0].phase = "QUEUED"
            record.samples[1].entries = record.strangers
        },
        Mutant(1, "a failure without a reason", "without a reason") { record in
            record.rows[0].phase = "FAILED"
            record.samples[1].entries = record.strangers
        },
        Mutant(1, "a deleted one that stays", "still there") { record in
            record.exchanges.append(exchange(.delete("b"), 28, 29, 202))
        },
        Mutant(1, "ready, and nothing there", "nothing of it") { $0.samples[1].entries = $0.strangers },
        Mutant(1, "a stage that was forgotten", "was to be in stage") { $0.rows[0].stage = 0 },
        Mutant(2, "two of one lesson in one list", "shows a lesson twice") { record in
            record.exchanges[4].seen.append(seen("c", "READY"))
            record.events.append(event("NewLiveLesson", "c", 1, 17))
        },
        Mutant(2, "two of one lesson at once", "at once") { record in
            record.exchanges.insert(
                exchange(.request(lesson: "one", stage: 0), 11.2, 11.5, 201, [seen("b", "QUEUED")]),
                at: 1
            )
        },
        Mutant(3, "an orphan without a row", "has no row") { $0.samples[1].entries.insert(entry("a")) },
        Mutant(3, "an earlier incarnation that is left", "incarnation 2") { record in
            record.rows[0].incarnation = 2
            record.samples[1].entries.insert(entry("b", 2))
        },
        Mutant(3, "what failed is still there", "row is FAILED") { record in
            record.rows[0].phase = "FAILED"
            record.rows[0].failure = RowRecord.Failure(code: "endpointFailed", message: "it ended")
        },
        Mutant(3, "what waits is at the provider", "row is QUEUED") { $0.rows[0].phase = "QUEUED" },
        Mutant(1, "a failure that was ours", "never did") { record in
            record.events.insert(event("LiveLessonFailed", "a", 5, 18), at: 4)
        },
        Mutant(4, "too many at the provider", "were at the provider") { record in
            record.samples[0].entries.formUnion([entry("x"), entry("y")])
        },
        Mutant(4, "too many of one session", "may have") { record in
            var other = seen("c", "READY")
            other.lesson = "two"
            record.exchanges[2].seen.append(other)
            var third = seen("d", "READY")
            third.lesson = "three"
            record.exchanges[2].seen.append(third)
            record.exchanges.append(exchange(.list, 15.1, 15.2, 200, [other, third, seen("a", "READY")]))
        },
        Mutant(6, "a phase that goes back", "went from") { $0.exchanges[2].seen[0].phase = "QUEUED" },
        Mutant(6, "a generation that goes back", "went from") { $0.exchanges[4].seen[0].generation = 1 },
        Mutant(6, "a gap in the events", "without gaps") { $0.events.remove(at: 1) },
        Mutant(6, "a number twice", "without gaps") { $0.events[2].sequence = 2 },
        Mutant(6, "no beginning", "do not begin") { $0.events[0].type = "LiveLessonReady" },
        Mutant(6, "a beginning twice", "begin twice") { $0.events[1].type = "NewLiveLesson" },
        Mutant(6, "events of two sessions", "of two sessions") { $0.events[1].session = "t" },
        Mutant(6, "events of another session", "of another session") { record in
            for index in record.events.indices { record.events[index].session = "t" }
        },
        Mutant(6, "an end before the end", "go on after") { $0.events[1].type = "DeleteLiveLesson" },
        Mutant(6, "an end of what is there", "although it is there") { $0.events[8].type = "DeleteLiveLesson" },
        Mutant(7, "a stranger's topology is gone", "") { $0.samples[1].entries.remove(entry("a", store: "other")) },
        Mutant(9, "a request that failed in an upgrade", "failed: 503") { record in
            record.upgrade = upgrade(record)
            record.exchanges.append(exchange(.read("b"), 28, 29, 503))
        },
        Mutant(9, "a request without an answer in an upgrade", "no answer") { record in
            record.upgrade = upgrade(record)
            record.exchanges.append(exchange(.read("b"), 25, 35, nil))
        },
        Mutant(9, "a lab that failed in an upgrade", "and failed") { record in
            record.upgrade = upgrade(record)
            record.events.append(event("LiveLessonFailed", "b", 5, 28.5))
        },
        Mutant(9, "a lab that was built again in an upgrade", "built again") { record in
            record.upgrade = upgrade(record)
            record.rows[0].incarnation = 2
        },
        Mutant(9, "a machine that was replaced in an upgrade", "replaced") { record in
            record.upgrade = upgrade(record)
            var restarted = seen("b", "READY", generation: 2, stage: 2)
            record.exchanges.append(exchange(.read("b"), 28.1, 28.2, 200, [restarted]))
            restarted.restarts = 1
            record.exchanges.append(exchange(.read("b"), 28.3, 28.4, 200, [restarted]))
        },
    ]

    private func verdict(_ record: RunRecord) -> [Violation] {
        Checker(record).violations() + Checker(record).unrest()
    }

    @Test func whatIsRightIsRight() {
        #expect(verdict(Self.right) == [])
    }

    @Test(arguments: mutants)
    func isSaid(_ mutant: Mutant) {
        var record = Self.right
        mutant.plant(&record)
        let found = verdict(record)
        #expect(found.contains { $0.rule == mutant.rule && $0.sentence.contains(mutant.words) }, "\(found)")
    }

    /// What time or an unknown outcome explains is no fault.
    @Test func whatNobodyCanKnowIsNoFault() {
        var record = Self.right
        // Of two questions at once either may be answered with the older state.
        record.exchanges.append(Self.exchange(.read("a"), 13.5, 15.5, 200, [Self.seen("a", "BOOTING")]))
        // A change without an answer may have been made later.
        record.exchanges.append(Self.exchange(.change("b", stage: 1), 25.1, 25.2, nil))
        record.rows[0].stage = 1
        // What a late worker made of something that was over.
        record.samples.insert(
            ProviderSample(
                time: 25,
                entries: record.strangers.union([Self.entry("a", 2), Self.entry("b"), Self.entry("b", 2)])
            ),
            at: 1
        )
        #expect(verdict(record) == [])
    }

    /// To list what a session has is no use of any of it: the last word about it came 4.8 s before its end.
    @Test func idleLabsMayBeTakenAway() {
        var record = Self.right
        record.exchanges.remove(at: 5)
        record.limits.idle = 4
        #expect(verdict(record) == [])
    }
}
