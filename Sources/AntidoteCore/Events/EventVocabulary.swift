/// The public names for environments of one kind of source: what other software sees on the bus, in events and in
/// telemetry. An ``EmbeddedInstance`` has at most one for each kind of source.
///
/// Kinds that share a noun share a vocabulary.
public protocol EventVocabulary: Sendable {
    /// The noun in the subjects of the events, such as `environment`: one word of a subject.
    var noun: String { get }

    /// The last word of the subject that events of this kind are published on.
    func word(for kind: EnvironmentEvent.Kind) -> String

    /// The `type` of the CloudEvent for events of this kind.
    func type(of kind: EnvironmentEvent.Kind) -> String

    /// The `data` of the CloudEvent.
    func data(of event: EnvironmentEvent) -> EventData

    /// What log lines and spans about an environment of `source` at `revision` carry.
    func attributes(of source: EnvironmentSource, revision: Int) -> [String: String]
}

/// The names for environments of a kind that has no vocabulary of its own.
package struct EnvironmentVocabulary: EventVocabulary {
    package var noun: String { "environment" }

    /// The names for any kind.
    package init() {}

    package func word(for kind: EnvironmentEvent.Kind) -> String { kind.rawValue }

    package func type(of kind: EnvironmentEvent.Kind) -> String { "environment.\(kind.rawValue)" }

    package func data(of event: EnvironmentEvent) -> EventData {
        var data: EventData = [
            "environment": .text(event.environment.rawValue),
            "kind": .text(event.source.kind),
            "name": .text(event.source.name),
            "owner": .text(event.owner.rawValue),
            "phase": .text(event.phase.rawValue),
            "revision": .number(Int64(event.revision)),
            "sequence": .number(event.sequence),
        ]
        if let failure = event.failure { data["failure"] = .text(failure.code.description) }
        return data
    }

    package func attributes(of source: EnvironmentSource, revision: Int) -> [String: String] {
        [AttributeKey.source: source.name, AttributeKey.revision: String(revision)]
    }
}

/// The vocabularies of an instance by kind of source; other kinds have the ``EnvironmentVocabulary``.
package struct EventVocabularies: Sendable, ExpressibleByDictionaryLiteral {
    private let byKind: [String: any EventVocabulary]

    /// The vocabularies by kind of source.
    package init(_ byKind: [String: any EventVocabulary] = [:]) { self.byKind = byKind }

    package init(dictionaryLiteral elements: (String, any EventVocabulary)...) {
        self.init(Dictionary(elements) { _, last in last })
    }

    /// The vocabulary of `kind`.
    package subscript(kind: String) -> any EventVocabulary { byKind[kind] ?? EnvironmentVocabulary() }

    /// Every vocabulary that an environment of this instance may have, one for each noun, in a fixed order.
    var all: [any EventVocabulary] { Self.distinct(byKind.keys.sorted().map { self[$0] } + [EnvironmentVocabulary()]) }

    /// The vocabularies of `kinds`, one for each noun, in the order of the kinds.
    func vocabularies(of kinds: [String]) -> [any EventVocabulary] { Self.distinct(kinds.map { self[$0] }) }

    private static func distinct(_ vocabularies: [any EventVocabulary]) -> [any EventVocabulary] {
        var nouns: Set<String> = []
        return vocabularies.filter { nouns.insert($0.noun).inserted }
    }
}
