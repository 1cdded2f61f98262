/// The subjects of one instance: a public interface.
package struct Subjects: Sendable, Hashable {
    private let prefix: String

    /// The subjects of one instance.
    package init(instance: InstanceID) { prefix = "antidote.\(instance)" }

    /// The subject of events of this kind, about environments that `vocabulary` names.
    package func event(
        _ kind: EnvironmentEvent.Kind,
        of vocabulary: any EventVocabulary = EnvironmentVocabulary()
    ) -> String {
        "\(prefix).\(vocabulary.noun).\(vocabulary.word(for: kind))"
    }

    /// All durable events and the progress of environments that `vocabulary` names.
    package func all(of vocabulary: any EventVocabulary = EnvironmentVocabulary()) -> SubjectPattern {
        SubjectPattern("\(prefix).\(vocabulary.noun).*")
    }

    /// The subject of the progress of environments that `vocabulary` names. Latest values only, never stored.
    package func progress(of vocabulary: any EventVocabulary = EnvironmentVocabulary()) -> String {
        "\(prefix).\(vocabulary.noun).progress"
    }

    /// The progress of all environments.
    package var progressOfAnyKind: SubjectPattern { SubjectPattern("\(prefix).*.progress") }

    /// Wakes all copies of one service; carries nothing.
    package func wake(_ role: WorkerRole) -> String { "\(prefix).wake.\(role.rawValue)" }
}
