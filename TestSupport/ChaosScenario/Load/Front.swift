import AntidoteCore
import Foundation
import HTTPTransport
import Synchronization

/// The copies of the API as a visitor reaches them, and a record of everything that is said.
final class Front: Sendable {
    let history = HistoryLog()
    private let time: TimeSource
    private let random: RandomSource
    private let state = Mutex(State())

    private struct State {
        var doors: [Door] = []
        var refusals = 0
    }

    private struct Door: Sendable {
        var copy: ServiceCopy
        var client: HTTPClient
    }

    init(time: TimeSource, random: RandomSource) {
        self.time = time
        self.random = random
    }

    /// How many connections were refused by a copy that was leaving, and tried again at another.
    var refusals: Int { state.withLock { $0.refusals } }

    func open(_ copy: ServiceCopy) throws {
        var configuration = HTTPClientConfiguration(base: .tcp(host: "127.0.0.1", port: copy.httpPort))
        configuration.connectTimeout = .seconds(2)
        configuration.maximumConnections = 200
        let door = Door(copy: copy, client: try HTTPClient(configuration: configuration))
        state.withLock { $0.doors.append(door) }
    }

    /// New requests go to the others.
    func close(_ copy: ServiceCopy) { state.withLock { $0.doors.removeAll { $0.copy === copy } } }

    /// Whether the copy says that it is ready.
    func isReady(_ copy: ServiceCopy) async -> Bool { await unreadiness(of: copy) == nil }

    /// Why the copy is not ready.
    func unreadiness(of copy: ServiceCopy) async -> String? {
        guard let door = state.withLock({ $0.doors.first { $0.copy === copy } }) else { return "nobody goes there" }
        let request = HTTPRequest(.get, "/readyz", deadline: .seconds(2))
        do {
            let response = try await door.client.execute(request)
            return response.status == 200 ? nil : String(decoding: response.body, as: UTF8.self)
        } catch {
            return "\(error)"
        }
    }

    /// How many requests came to nothing, by what was the matter.
    var problems: String {
        let problems = history.all.compactMap { $0.status == nil ? $0.problem : nil }
        return Dictionary(grouping: problems) { $0 }.sorted { $0.value.count > $1.value.count }.prefix(20)
            .map { "\($0.value.count) \($0.key)" }.joined(separator: "\n")
    }

    /// Asks one of the copies, that of `number` first where one is given, and records what came of it.
    ///
    /// The next copy is asked, as a balancer would, after a refused connection, which did nothing, and where one broke under
    /// a question that changes nothing: a copy that leaves closes the connections that it keeps.
    func ask(_ kind: Exchange.Kind, session: Session?, at number: Int? = nil) async -> Exchange {
        var (exchange, body) = await say(kind, session: session, at: number)
        read(body, into: &exchange)
        history.add(exchange)
        return exchange
    }

    private func say(
        _ kind: Exchange.Kind,
        session: Session?,
        at number: Int?
    ) async -> (exchange: Exchange, body: [UInt8]) {
        let doors = state.withLock { $0.doors }
        let first = number ?? Int(random.next() % UInt64(max(1, doors.count)))
        var exchange = Exchange(kind, session: session?.id, sent: now, received: now, status: nil)
        for step in doors.indices {
            let door = doors[(first + step) % doors.count]
            exchange.sent = now
            do {
                let response = try await door.client.execute(Self.request(kind, session))
                exchange.received = now
                exchange.status = response.status
                return (exchange, response.body)
            } catch let error as HTTPTransportError {
                exchange.received = now
                exchange.problem = "\(door.copy.name): \(error.code) \(error.message)"
                let isHarmless = error.code == .connectionLost && kind.changesNothing
                guard error.code == .cannotConnect || isHarmless else { return (exchange, []) }
                state.withLock { $0.refusals += 1 }
            } catch {
                exchange.received = now
                exchange.problem = "\(door.copy.name): \(error)"
                return (exchange, [])
            }
        }
        return (exchange, [])
    }

    /// Opens a session. `nil`: that did not work.
    func openSession() async -> Session? {
        var (exchange, body) = await say(.openSession, session: nil, at: nil)
        let session = exchange.status == 201 ? try? JSONDecoder().decode(Session.self, from: Data(body)) : nil
        exchange.session = session?.id
        history.add(exchange)
        return session
    }

    private var now: Double { Double(time.now().microseconds) / 1_000_000 }

    private func read(_ body: [UInt8], into exchange: inout Exchange) {
        let decoder = JSONDecoder()
        guard exchange.isAccepted else {
            guard exchange.status != nil else { return }
            exchange.problem = (try? decoder.decode(Problem.self, from: Data(body)))?.code
            return
        }
        if exchange.kind == .list {
            exchange.seen = (try? decoder.decode(List.self, from: Data(body)))?.liveLessons.map(\.seen) ?? []
        } else if let lesson = try? decoder.decode(LiveLesson.self, from: Data(body)) {
            exchange.seen = [lesson.seen]
        }
    }

    private static func request(_ kind: Exchange.Kind, _ session: Session?) -> HTTPRequest {
        let (method, path, body): (HTTPMethod, String, String?) =
            switch kind {
            case .openSession: (.post, "/v1/sessions", nil)
            case .request(let lesson, let stage):
                (.post, "/v1/livelessons", #"{"lesson": "\#(lesson)", "stage": \#(stage)}"#)
            case .read(let id): (.get, "/v1/livelessons/\(id)", nil)
            case .list: (.get, "/v1/livelessons", nil)
            case .change(let id, let stage): (.patch, "/v1/livelessons/\(id)", #"{"stage": \#(stage)}"#)
            case .delete(let id): (.delete, "/v1/livelessons/\(id)", nil)
            case .endSession: (.delete, "/v1/sessions/current", nil)
            }
        var request = HTTPRequest(method, path, deadline: .seconds(10))
        if let session { request.headers["Authorization"] = "Bearer \(session.token)" }
        if let body {
            request.headers["Content-Type"] = "application/json"
            request.body = .bytes(Array(body.utf8))
        }
        return request
    }

    private struct Problem: Decodable {
        var code: String
    }

    private struct List: Decodable {
        var liveLessons: [LiveLesson]
    }

    private struct LiveLesson: Decodable {
        struct Endpoint: Decodable {
            var restarts: Int
        }

        var id: String
        var lesson: String
        var phase: String
        var generation: Int
        var wantedStage: Int
        var endpoints: [Endpoint]

        var seen: SeenLesson {
            var seen = SeenLesson(
                id: id,
                lesson: lesson,
                phase: phase,
                generation: generation,
                wantedStage: wantedStage
            )
            seen.restarts = endpoints.map(\.restarts).reduce(0, +)
            return seen
        }
    }
}

/// What a visitor is known by.
struct Session: Sendable, Decodable {
    var id: String
    var token: String
}
