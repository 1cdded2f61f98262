import AntidoteCore
import AntidoteLessons

/// A lesson as it is written, wrong values and gaps included, with the place of whatever may be complained about.
struct LessonDraft {
    var location: Location
    var slug: Located<String>?
    var name = ""
    var description = ""
    var shortDescription = ""
    var category: Located<Lesson.Category>?
    var tier: Located<Tier>?
    var collection: Located<String>?
    var diagram: String?
    var video: String?
    var prereqs: [Located<String>] = []
    var tags: [String] = []
    var authors: [Author] = []
    var readyDelay: Duration = .zero
    var stages: [StageDraft] = []
    var endpoints: [EndpointDraft] = []
    var connections: [ConnectionDraft] = []
}

struct StageDraft {
    var location: Location
    var description = ""
    var guideKind = Guide.Kind.markdown
    var video: String?
    var objectives: [Located<String>] = []
    var completeMessage: String?
}

struct EndpointDraft {
    var location: Location
    var name: Located<String>?
    var image: Located<String>?
    var configurationKind: Located<LessonConfiguration.Kind>?
    var additionalPorts: [UInt16] = []
    var presentations: [PresentationDraft] = []
    /// Whether a port is written down, be it a wrong one.
    var hasPorts = false
}

struct PresentationDraft {
    var location: Location
    var name: Located<String>?
    var port: UInt16?
    var kind: Presentation.Kind?
}

struct ConnectionDraft {
    var location: Location
    var a: Located<String>?
    var b: Located<String>?
    var subnet: Located<String>?
}
