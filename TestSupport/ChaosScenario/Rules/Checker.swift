/// Decides whether the rules held, from the outside only.
///
/// It says nothing that a late answer, an unknown outcome or a clock could explain: what it reports is a fault.
package struct Checker: Sendable {
    private let record: RunRecord

    package init(_ record: RunRecord) { self.record = record }

    /// What must hold at every moment.
    package func violations() -> [Violation] {
        let index = RecordIndex(record)
        return RequestRules(record, index).violations() + SessionRules(record).violations()
            + ReaderRules(record).violations() + EventRules(record, index).violations()
            + CapacityRules(record, index).violations() + StrangerRules(record).violations()
            + UpgradeRules(record, index).violations()
    }

    /// What must hold once nothing goes wrong any more and time has passed, besides.
    package func unrest() -> [Violation] { RestRules(record, RecordIndex(record)).violations() }
}

/// The record by what is often asked of it.
struct RecordIndex {
    let events: [String: [EventRecord]]
    let rows: [String: RowRecord]
    /// The first accepted request for each live lesson.
    private(set) var accepted: [String: Exchange] = [:]
    /// When something first asked to take it away, whatever came of that.
    private(set) var unwanted: [String: Double] = [:]
    /// When something was last asked about it by its name. To list what a session has is no use of any of it.
    private(set) var touched: [String: Double] = [:]

    init(_ record: RunRecord) {
        events = Dictionary(grouping: record.events, by: \.liveLesson).mapValues {
            $0.sorted { $0.sequence < $1.sequence }
        }
        rows = Dictionary(record.rows.map { ($0.id, $0) }) { first, _ in first }
        var ended: [String: Double] = [:]
        for exchange in record.exchanges.sorted(by: { $0.sent < $1.sent }) {
            for lesson in exchange.seen where exchange.kind != .list {
                touched[lesson.id] = max(touched[lesson.id] ?? 0, exchange.sent)
            }
            switch exchange.kind {
            case .request where exchange.isAccepted:
                for lesson in exchange.seen where accepted[lesson.id] == nil { accepted[lesson.id] = exchange }
            case .delete(let id): unwanted[id] = min(unwanted[id] ?? .infinity, exchange.sent)
            case .endSession:
                if let session = exchange.session { ended[session] = min(ended[session] ?? .infinity, exchange.sent) }
            default: break
            }
        }
        for (id, exchange) in accepted {
            guard let end = exchange.session.flatMap({ ended[$0] }) else { continue }
            unwanted[id] = min(unwanted[id] ?? .infinity, end)
        }
    }

    /// When it ended or failed; `nil`: it did not.
    func end(of id: String) -> Double? {
        events[id]?.first { ["DeleteLiveLesson", "LiveLessonFailed"].contains($0.type) }?.time
    }

    func isDeleted(_ id: String) -> Bool { events[id]?.contains { $0.type == "DeleteLiveLesson" } ?? false }
}
