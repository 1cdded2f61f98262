/// The problems found so far in one file, or with one directory.
struct Findings {
    let file: String
    private(set) var problems: [Problem] = []
    private(set) var errorCount = 0
    /// Beyond this many the file is beyond help, and the rest is not kept.
    private let limit: Int

    init(file: String, limit: Int = 200) {
        self.file = file
        self.limit = limit
    }

    var hasErrors: Bool { errorCount > 0 }
    /// Whether advice on another problem would be wasted.
    var isFull: Bool { problems.count > limit }

    mutating func add(_ rule: Rule, at location: Location? = nil, _ message: String, advice: String? = nil) {
        if rule.severity == .error { errorCount += 1 }
        if problems.count < limit {
            problems.append(Problem(rule, file: file, location: location, message, advice: advice))
        } else if problems.count == limit {
            problems.append(Problem(.tooManyProblems, file: file, "more than \(limit) problems in this file"))
            errorCount += 1
        }
    }
}
