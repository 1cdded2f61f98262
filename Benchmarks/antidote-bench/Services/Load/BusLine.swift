import AntidoteCore
import AntidoteLessons

/// A subscriber to the events of an installation, in the plain protocol of NATS.
final class BusLine {
    enum Event: Int, CaseIterable {
        case ready = 1
        case deleted
        case failed
        /// What this line sends itself.
        case echo

        func subject(of instance: InstanceID) -> String {
            let (subjects, lessons) = (Subjects(instance: instance), LessonVocabulary())
            return switch self {
            case .ready: subjects.event(.ready, of: lessons)
            case .deleted: subjects.event(.deleted, of: lessons)
            case .failed: subjects.event(.failed, of: lessons)
            case .echo: "bench.echo"
            }
        }
    }

    let socket: LoadSocket
    private let instance: InstanceID

    /// Returns when the server has its subscriptions.
    init(port: Int, user: String, password: String, instance: InstanceID) throws {
        self.instance = instance
        socket = try LoadSocket(port: port)
        var greeting = """
            CONNECT {"verbose":false,"pedantic":false,"headers":false,"user":"\(user)","pass":"\(password)"}\r\n
            """
        for event in Event.allCases { greeting += "SUB \(event.subject(of: instance)) \(event.rawValue)\r\n" }
        try socket.send(Array((greeting + "PING\r\n").utf8))
        while true {
            try socket.waitToReceive()
            let text = String(decoding: socket.received, as: UTF8.self)
            if text.contains("-ERR") { throw AntidoteError(.busUnavailable, "the bus refuses the load generator") }
            if text.hasSuffix("PONG\r\n") { break }
        }
        socket.received = []
    }

    /// What has come: what happened, and to which environment.
    func takeEvents() throws -> [(event: Event, environment: String)] {
        var events: [(Event, String)] = []
        var rest = socket.received[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let line = rest[..<end]
            guard line.first == UInt8(ascii: "M") else {
                if line.starts(with: "PING".utf8) { try socket.send(Array("PONG\r\n".utf8)) }
                rest = rest[(end + 1)...]
                continue
            }
            let words = line.split(separator: 0x20)
            guard words.count >= 4, let number = Int(String(decoding: words[2], as: UTF8.self)),
                let length = Int(String(decoding: words[words.count - 1].dropLast(), as: UTF8.self))
            else { throw AntidoteError(.busUnavailable, "the bus says what is no message") }
            guard rest.endIndex - (end + 1) >= length + 2 else { break }
            let payload = rest[(end + 1)..<(end + 1 + length)]
            rest = rest[(end + 1 + length + 2)...]
            guard let event = Event(rawValue: number) else { continue }
            events.append((event, payload.text(after: Self.liveLesson) ?? ""))
        }
        socket.received = Array(rest)
        return events
    }

    /// How long a message takes to the server and back, in seconds.
    func roundTrip() throws -> Double {
        let start = ContinuousClock.now
        try socket.send(Array("PUB \(Event.echo.subject(of: instance)) 2\r\nhi\r\n".utf8))
        repeat { try socket.waitToReceive() } while try !takeEvents().contains { $0.event == .echo }
        return start.duration(to: .now) / .seconds(1)
    }

    private static let liveLesson = Array(#""liveLesson":""#.utf8)
}
