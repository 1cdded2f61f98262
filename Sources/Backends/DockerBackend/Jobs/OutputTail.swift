import AntidoteCore

/// Keeps the end of what something printed, however much that was.
struct OutputTail: Sendable, Hashable {
    let limit: Int
    private var kept: [UInt8] = []
    /// Whether something was left out before what is kept.
    private var isCut = false

    init(limit: Int = JobResult.outputLimit) { self.limit = limit }

    mutating func append(_ bytes: [UInt8]) {
        isCut = isCut || kept.count + bytes.count > limit
        kept += bytes.suffix(limit)
        // Shortened only now and then, so that many small pieces cost no more than one large.
        if kept.count > limit * 2 { kept.removeFirst(kept.count - limit) }
    }

    /// For showing to people: without control sequences and without `secrets`.
    func text(without secrets: [Secret]) -> String {
        let cleaned = CleanText.make(from: kept.suffix(limit), without: secrets, isCut: isCut)
        guard cleaned.utf8.count > limit else { return cleaned }
        // Cut between characters.
        var tail = Array(cleaned.utf8.suffix(limit))
        while let first = tail.first, first & 0xC0 == 0x80 { tail.removeFirst() }
        return String(decoding: tail, as: UTF8.self)
    }
}
