import Foundation

/// The rules of AntidoteCore, which the reference store must not use, and a search for them in Swift source.
enum CoreRules {
    /// What a use of each rule looks like.
    static let examples = [
        "try operation.decide(&set)", "var set: WorkingSet?", "HeldCapacity()", "row.apply(.use, now: now)",
        "row.take(request, now: now)", "row.record(commit, now: now)", "row.isHeld(under: fence, at: now)",
        "_ = row.isRunning", "rows.filter(\\.isRunning)", "row.isUseWorthRecording(at: now)", "_ = row.expiresAt",
        "_ = session.expiresAt", "_ = row.holdsCapacity", "row.claimableAt(by: .collector)",
        "_ = row.phase.isRunning", "_ = row.phase.awaitsCapacity", "_ = row.phase.isOpen",
        "Lifecycle.evaluate(row, now: now)", "try limits.check(sessionsOfAddress: 1)", "session.isLive(at: now)",
        "session.end(at: now)", "filter.accepts(row)", "rows.filter(filter.accepts)", "RosterEntry(row)",
        "rows.map(RosterEntry.init)", "edition.answer(to: query)", "InMemoryStateStore(time: time, random: random)",
        "InMemoryState(limits: limits)", "EventJournal()", "DueIndex()", "SessionTable()", "SourceHistory()",
        "WaitingLine()", "_ = row.observed.hasLiveIncarnation", "row.source.isSame(as: source)",
    ]

    private static let names = [
        "DueIndex", "EventJournal", "HeldCapacity", "InMemoryState", "InMemoryStateStore", "Lifecycle",
        "SessionTable", "SourceHistory", "WaitingLine", "WorkingSet", "accepts", "apply", "awaitsCapacity", "check",
        "claimableAt", "decide", "expiresAt", "hasLiveIncarnation", "holdsCapacity", "isHeld", "isLive", "isOpen",
        "isRunning", "isSame", "isUseWorthRecording", "take",
    ]

    /// Names that also have another meaning. `claim.record` is the closure of a claim.
    private static let calls = [
        #"\.answer\("#, #"\.end\("#, #"(?<!\bclaim)\.record\b"#, #"\bRosterEntry\.init"#,
        #"\bRosterEntry\((?!\s*id:)"#,
    ]

    /// Every use of a rule in `source`, outside comments.
    static func used(in source: String) throws -> [String] {
        let comment = try NSRegularExpression(pattern: #"(^|\s)//.*$"#, options: .anchorsMatchLines)
        let code = comment.stringByReplacingMatches(
            in: source,
            range: NSRange(source.startIndex..., in: source),
            withTemplate: ""
        )
        let pattern = (names.map { #"\b\#($0)\b"# } + calls).joined(separator: "|")
        let rule = try NSRegularExpression(pattern: pattern)
        return rule.matches(in: code, range: NSRange(code.startIndex..., in: code)).compactMap { match in
            Range(match.range, in: code).map { String(code[$0]) }
        }
    }
}
