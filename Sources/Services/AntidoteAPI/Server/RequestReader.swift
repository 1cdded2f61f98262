import AntidoteCore
import AntidoteLessons
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOHTTP1

/// Takes out of a request what its route wants: who asks, what for, and with which body.
struct RequestReader: Sendable {
    let lessons: LiveLessons
    let bodyLimit: Int

    /// Whose token was sent; `nil` where the route needs none.
    func session(of request: Request, for route: Route) async throws -> LiveSession? {
        guard route.needsSession else { return nil }
        guard request.headers[values: .authorization].count == 1,
            let token = request.headers[.authorization].flatMap({ SessionToken(authorization: $0) }),
            let session = try await lessons.session(withToken: token.digest)
        else { throw APIProblem.unauthenticated }
        return session
    }

    /// The body as JSON; `nil` where none was sent, or the route wants none.
    func body(of request: Request, for route: Route) async throws -> JSONValue? {
        guard route.body != .none else { return nil }
        let type = request.headers[.contentType]
        if let type, !RequestReader.isJSON(type) { throw wrongMediaType }
        let bytes = try await bytes(of: request)
        guard !bytes.isEmpty else {
            guard case .required = route.body else { return nil }
            throw APIProblem(.badRequest, .malformedBody, "the body is empty", advice: "Send a JSON object.")
        }
        if type == nil { throw wrongMediaType }
        do {
            return try JSONParser.parse(bytes)
        } catch {
            throw APIProblem(
                .badRequest,
                .malformedBody,
                "the body is no JSON that is taken here: it \(error.reason), at byte \(error.offset)"
            )
        }
    }

    private func bytes(of request: Request) async throws -> [UInt8] {
        if let announced = request.headers[.contentLength].flatMap({ Int($0) }), announced > bodyLimit {
            throw tooLarge
        }
        var bytes: [UInt8] = []
        do {
            for try await buffer in request.body {
                guard bytes.count + buffer.readableBytes <= bodyLimit else { throw tooLarge }
                bytes.append(contentsOf: buffer.readableBytesView)
            }
        } catch is ConnectionGuard.TooSlow {
            throw APIProblem(.requestTimeout, .requestTooSlow, "the body did not arrive in time")
        }
        return bytes
    }

    private var tooLarge: APIProblem {
        APIProblem(.contentTooLarge, .bodyTooLarge, "the body is larger than \(bodyLimit) bytes")
    }

    private var wrongMediaType: APIProblem {
        APIProblem(
            .unsupportedMediaType,
            .mediaTypeUnsupported,
            "the body is not said to be JSON",
            advice: "Send “Content-Type: application/json”."
        )
    }

    private static func isJSON(_ type: String) -> Bool {
        let parts = type.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
        guard let first = parts.first, ["application/json", "application/merge-patch+json"].contains(first) else {
            return false
        }
        return parts.dropFirst().allSatisfy {
            !$0.hasPrefix("charset=") || ["charset=utf-8", "charset=\"utf-8\""].contains($0)
        }
    }
}
