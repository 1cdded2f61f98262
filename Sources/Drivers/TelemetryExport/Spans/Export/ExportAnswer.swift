import AntidoteCore
import HTTPTransport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a receiver made of a batch.
enum ExportAnswer: Sendable, Equatable {
    /// It has it, but for so many spans.
    case accepted(rejected: Int)
    /// It does not want it, and will not want it later.
    case refused(String)
    /// It could not be reached or was busy; it may have said for how long.
    case tryAgain(String, after: Duration?)

    /// Reads an answer, by the rules of OpenTelemetry's protocol over HTTP.
    /// - Parameter now: What a date in the answer is compared with.
    init(_ response: HTTPResponse, now: Timestamp) {
        switch response.status {
        case 200..<300:
            self = .accepted(rejected: Self.rejected(response.body))
        case 429, 502, 503, 504:
            let after = response.headers["Retry-After"].flatMap { Self.pause($0, now: now) }
            self = .tryAgain("status \(response.status)", after: after)
        default:
            self = .refused("status \(response.status)")
        }
    }

    /// Reads why there was none.
    init(_ error: HTTPTransportError) {
        switch error.code {
        case .invalidRequest, .shutdown, .responseTooLarge, .protocolViolation: self = .refused(error.description)
        default: self = .tryAgain(error.description, after: nil)
        }
    }

    /// Seconds, or a date.
    private static func pause(_ text: String, now: Timestamp) -> Duration? {
        let isNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if isNumber, text.utf8.count <= 12, let seconds = Int64(text) { return .seconds(seconds) }
        return Timestamp(httpDate: text).map { max(.zero, $0 - now) }
    }

    private struct Body: Decodable {
        struct PartialSuccess: Decodable {
            var rejectedSpans: Int?

            enum CodingKeys: String, CodingKey { case rejectedSpans }

            // A 64-bit number is a string in this mapping, but readers have to take a number too.
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                if let text = try? container.decode(String.self, forKey: .rejectedSpans) {
                    rejectedSpans = Int(text)
                } else {
                    rejectedSpans = try container.decodeIfPresent(Int.self, forKey: .rejectedSpans)
                }
            }
        }

        var partialSuccess: PartialSuccess?
    }

    private static func rejected(_ body: [UInt8]) -> Int {
        // Many receivers answer with an empty body, or with Protocol Buffers: nothing was rejected as far as we know.
        let answer = try? JSONDecoder().decode(Body.self, from: Data(body))
        return max(0, answer?.partialSuccess?.rejectedSpans ?? 0)
    }
}
