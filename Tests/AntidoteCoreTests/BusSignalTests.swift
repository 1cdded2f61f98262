import Testing

@testable import AntidoteCore

@Suite("A signal from the bus")
struct BusSignalTests {
    private static let instance = InstanceID(unchecked: "test")
    private static let subjects = Subjects(instance: instance)
    private static let id = EnvironmentID(unchecked: "abcdefghijklmn27")

    private func signal(_ subject: String, _ text: String) -> BusSignal {
        BusSignal(
            BusMessage(subject: subject, payload: Array(text.utf8)),
            instance: Self.instance,
            vocabularies: [EnvironmentVocabulary()]
        )
    }

    private func event(_ type: String, source: String = "/antidote/test") -> BusSignal {
        let text = #"{"source": "\#(source)", "type": "\#(type)", "subject": "x", "data": [{"type": 1}]}"#
        return signal(Self.subjects.event(.admitted), text)
    }

    @Test(arguments: WorkerRole.allCases) func aWakeNamesWhatItIsAbout(_ role: WorkerRole) {
        #expect(signal(Self.subjects.wake(role), Self.id.rawValue) == .about(Self.id))
    }

    @Test(arguments: ["", "nonsense", "{", "\0", "abcdefghijklmn27 ", String(repeating: "a", count: 70)])
    func aWakeAboutNothingIsIgnored(_ text: String) {
        #expect(signal(Self.subjects.wake(.scheduler), text) == .none(.unreadable))
    }

    @Test func ourOwnEventsAreKnown() throws {
        for kind in EnvironmentEvent.Kind.allCases {
            #expect(event(EnvironmentVocabulary().type(of: kind)) == .somewhere)
        }
    }

    @Test func whatIsNoEventOfOursIsIgnored() {
        #expect(event("environment.doubled") == .none(.unknownType))
        #expect(event("environment.admitted", source: "/antidote/elsewhere") == .none(.otherSource))
        let deep = String(repeating: "[", count: 50_000)
        let filler = String(repeating: "y", count: 70_000)
        let long = #"{"source": "/antidote/test", "type": "environment.admitted", "x": "\#(filler)"}"#
        for text in ["", "{", "null", "{}", #"{"source": 1, "type": 2}"#, Self.id.rawValue, deep, long] {
            #expect(signal(Self.subjects.event(.revisionChanged), text) == .none(.unreadable), "\(text.prefix(40))")
        }
    }
}
