@_spi(StoreKit) import AntidoteCore
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOHTTP1
import Tracing

/// Answers requests: finds the route, reads what it wants, and makes a problem of whatever goes wrong.
struct APIResponder: HTTPResponder {
    typealias Context = ConnectionContext

    /// How anything without a route is called.
    static let unmatched = "unmatched"

    let table: RouteTable
    let reader: RequestReader
    let settings: APISettings
    let journal: RequestJournal
    let time: TimeSource
    let random: RandomSource

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let start = time.uptime()
        let match = table.match(method: request.method.rawValue, path: request.uri.path)
        let method = RequestJournal.name(request.method.rawValue)
        let (label, route) =
            switch match {
            case .route(let route, _): (route.label, route.pattern.description)
            case .otherMethods(let pattern, _): ("\(method) \(pattern)", pattern.description)
            case .nothing: ("\(method) \(APIResponder.unmatched)", APIResponder.unmatched)
            }
        var entry = RequestJournal.Entry(id: random.base32(length: 16), method: method, route: route)
        let carrier = TraceHeaders.carrier(request.headers)
        let answer = try await withSpan(label, context: ServiceContext.continuing(carrier), ofKind: .server) { span in
            let (answer, session) = try await handle(request, match, context, id: entry.id, carrier: carrier)
            entry.session = session?.id
            describe(span, entry, answer)
            return answer
        }
        journal.record(entry, answer, after: time.uptime() - start)
        return APIResponder.response(answer, id: entry.id, isHead: request.method == .head)
    }

    private func handle(
        _ request: Request,
        _ match: RouteTable.Match,
        _ context: ConnectionContext,
        id: String,
        carrier: [String: String]
    ) async throws -> (APIAnswer, LiveSession?) {
        var session: LiveSession?
        do {
            guard case .route(let route, let parameters) = match else { throw APIResponder.problem(match) }
            session = try await reader.session(of: request, for: route)
            let asked = APIRequest(
                id: id,
                parameters: parameters,
                query: try RequestQuery(request.uri.query, known: route.query.map(\.name)),
                body: try await reader.body(of: request, for: route),
                authenticated: session,
                client: ClientAddress(
                    peer: context.peer,
                    forwarded: HTTPField.Name("X-Forwarded-For").map { request.headers[values: $0] } ?? [],
                    trusted: settings.trustedProxies
                ),
                traceContext: TraceCarrier.current.isEmpty ? carrier : TraceCarrier.current
            )
            let answer = try await time.withDeadline(settings.handlingTimeout, onTimeout: tooLong) {
                try await route.handler(asked)
            }
            return (answer, session)
        } catch let error as HTTPParserError {
            // The connection is beyond use: the server says so.
            throw error
        } catch {
            return (.problem(APIProblem.wrapping(error), requestID: id), session)
        }
    }

    private var tooLong: AntidoteError {
        AntidoteError(
            .deadlineExceeded,
            "a request was not answered within \(settings.handlingTimeout.inSeconds) seconds",
            recovery: "See that the database answers."
        )
    }

    private func describe(_ span: any Span, _ entry: RequestJournal.Entry, _ answer: APIAnswer) {
        if answer.status >= 500 { span.setStatus(SpanStatus(code: .error)) }
        guard span.isRecording else { return }
        span.attributes[AttributeKey.httpMethod] = entry.method
        span.attributes[AttributeKey.httpRoute] = entry.route
        span.attributes[AttributeKey.httpStatus] = answer.status
        span.attributes[AttributeKey.request] = entry.id
        if let session = entry.session { span.attributes[AttributeKey.session] = session.rawValue }
        if let problem = answer.problem { span.attributes[AttributeKey.errorCode] = problem.code }
    }

    private static func problem(_ match: RouteTable.Match) -> APIProblem {
        guard case .otherMethods(let pattern, let allowed) = match else {
            return APIProblem(
                .notFound,
                .pathUnknown,
                "there is nothing at this path",
                advice: "See /openapi.json for what there is."
            )
        }
        return APIProblem(.methodNotAllowed, .methodNotAllowed, "\(pattern) does not take this method", allow: allowed)
    }

    private static func response(_ answer: APIAnswer, id: String, isHead: Bool) -> Response {
        var headers = HTTPFields()
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        if let type = answer.mediaType { headers[.contentType] = type }
        if let name = HTTPField.Name("X-Request-Id") { headers[name] = id }
        if let name = HTTPField.Name("X-Content-Type-Options") { headers[name] = "nosniff" }
        if isHead { headers[.contentLength] = String(answer.body.count) }
        return Response(
            status: HTTPResponse.Status(code: answer.status),
            headers: headers,
            body: isHead || answer.body.isEmpty
                ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }
}

/// What is known of a request from the connection that it came by.
struct ConnectionContext: InitializableFromSource {
    let peer: IPAddress?

    init(source: ApplicationRequestContextSource) {
        peer = source.channel.remoteAddress.flatMap { IPAddress($0) }
    }
}
