/// A rule that did not hold.
package struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The number of the rule; 9: a rolling upgrade let a request fail, or disturbed a lab.
    package let rule: Int
    package let sentence: String

    package init(_ rule: Int, _ sentence: String) {
        self.rule = rule
        self.sentence = sentence
    }

    package var description: String { "rule \(rule): \(sentence)" }
}
