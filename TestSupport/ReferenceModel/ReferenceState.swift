import AntidoteCore

/// Everything that a reference store holds, in arrays. Nothing is counted or indexed ahead of time.
struct ReferenceState {
    let limits: AdmissionLimits
    /// In the order of admission, which is the order of tickets.
    var rows: [Environment] = []
    /// In the order in which they were written.
    var events: [EnvironmentEvent] = []
    /// The ids of published events.
    var published: Set<String> = []
    var sessions: [StoredSession] = []
    var editions: [StoredEdition] = []
    var lastTicket: Int64 = 0

    /// A session with what is stored of its request.
    struct StoredSession {
        var session: LiveSession
        var token: TokenDigest
        var address: String?
    }

    /// An edition of one kind of source.
    struct StoredEdition {
        var edition: SourceEdition
        /// `nil`: it is the current edition of its kind.
        var retiredAt: Timestamp?
    }

    init(limits: AdmissionLimits) { self.limits = limits }

    func row(_ id: EnvironmentID) -> Environment? { rows.first { $0.id == id } }

    /// Applies `change` to one row and writes its events. Returns `nil` if the row is missing or its rule refuses.
    mutating func change(
        _ id: EnvironmentID,
        by change: EnvironmentChange,
        at now: Timestamp
    ) -> (row: Environment, events: [EnvironmentEvent])? {
        guard let index = rows.firstIndex(where: { $0.id == id }) else { return nil }
        var row = rows[index]
        guard let kinds = ReferenceRules.transition(&row, by: change, at: now) else { return nil }
        rows[index] = row
        let events = write(kinds, ofRowAt: index, at: now)
        return (rows[index], events)
    }

    /// Numbers new events of a row, without gaps, and stores them.
    mutating func write(
        _ kinds: [EnvironmentEvent.Kind],
        ofRowAt index: Int,
        at now: Timestamp
    ) -> [EnvironmentEvent] {
        var written: [EnvironmentEvent] = []
        for kind in kinds {
            rows[index].eventCount += 1
            let number = rows[index].eventCount
            written.append(EnvironmentEvent(kind, about: rows[index], sequence: number, time: now))
        }
        events += written
        return written
    }
}
