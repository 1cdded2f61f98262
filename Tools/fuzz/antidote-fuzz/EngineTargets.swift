import AntidoteCore
import Foundation
import HTTPTransport

@testable import DockerBackend

/// What a Docker Engine answers, or whatever listens in its place.
enum EngineTargets {
    /// One whole answer, taken for each thing that it could be.
    static func json(_ bytes: [UInt8]) {
        let containers = decode([ContainerSummary].self, bytes) ?? []
        let networks = decode([NetworkSummary].self, bytes) ?? []
        let entries = InventoryReader(now: .zero).entries(containers: containers, networks: networks)
        require(entries.map(\.id) == entries.map(\.id).sorted(), "the inventory is in no order")
        require(entries.allSatisfy { $0.age >= .zero }, "something is younger than now")
        if let details = decode(ContainerDetails.self, bytes) {
            for port in ["80/tcp", "10000/udp"] { _ = details.hostPort(of: port) }
            _ = details.hardwareAddress(on: details.id)
            time(details.state.startedAt)
            time(details.state.finishedAt)
        }
        if let versions = decode(EngineVersions.self, bytes), let chosen = try? EngineVersion.choose(from: versions) {
            require(chosen >= EngineVersion.oldest, "the version \(chosen) is too old")
        }
        if let information = decode(EngineInformation.self, bytes), let text = information.time { time(text) }
        if let complaint = decode(EngineComplaint.self, bytes) { failure(complaint.message) }
        _ = decode(Created.self, bytes)
        _ = decode(ExecDetails.self, bytes)
        _ = decode(ImageDetails.self, bytes)
        _ = decode(WaitOutcome.self, bytes)
        if let file = try? JSONDecoder().decode(DockerConfigFile.self, from: Data(bytes)) {
            for key in (file.entries ?? [:]).keys { _ = file.credential(for: key) }
        }
        let text = String(decoding: bytes.prefix(600), as: UTF8.self)
        _ = try? EngineDiscovery.parse(text, settings: nil)
        if ImageName.isLegal(text) { require(!ImageName(text).registry.isEmpty, "“\(text)” has no registry") }
        time(text)
    }

    /// A stream, as it comes and cut otherwise.
    static func stream(_ bytes: [UInt8]) {
        var cuts = Cuts(bytes)
        let chunks = cuts.chunks(of: bytes)
        let whole = frames([bytes])
        require(whole == frames(chunks), "frames depend on the chunks")
        require(whole.output.count + whole.errors.count <= bytes.count, "there is more than came")
        require(tail([bytes]) == tail(chunks), "a tail depends on the chunks")
        lines(bytes)
    }

    /// The lines of a pull, and of the engine's events.
    private static func lines(_ bytes: [UInt8]) {
        var progress = PullProgress()
        var reader = ChangeReader()
        for line in bytes.split(separator: UInt8(ascii: "\n")).map({ Array($0) }) {
            if let message = decode(PullMessage.self, line) {
                if let error = message.error { failure(error) }
                _ = progress.take(message)
                require(progress.done >= 0, "\(progress.done) bytes have come")
                require((progress.total ?? 0) >= 0, "\(progress.total ?? 0) bytes in all")
            }
            if let event = decode(EventMessage.self, line), let change = reader.change(for: event) {
                require(event.actor.attributes.values.contains(change.endpoint), "a change of nobody")
            }
        }
    }

    private struct Streams: Hashable {
        var output: [UInt8] = []
        var errors: [UInt8] = []
    }

    private static func frames(_ chunks: [[UInt8]]) -> Streams {
        var frames = StreamFrames()
        var streams = Streams()
        for chunk in chunks {
            for piece in frames.take(chunk) {
                require(!piece.bytes.isEmpty, "an empty piece")
                switch piece.channel {
                case .standardOutput: streams.output += piece.bytes
                case .standardError: streams.errors += piece.bytes
                }
            }
        }
        return streams
    }

    /// Is short, holds nothing that steers a terminal, and no secret of some length.
    private static func tail(_ chunks: [[UInt8]]) -> String {
        let secret = "sesame-open"
        var tail = OutputTail(limit: 128)
        for chunk in chunks { tail.append(chunk) }
        let text = tail.text(without: [Secret(secret)])
        require(text.utf8.count <= 128, "the tail has \(text.utf8.count) bytes")
        require(!text.utf8.contains(secret.utf8), "the secret is in the tail")
        for scalar in text.unicodeScalars where scalar != "\n" && scalar != "\t" {
            require(
                scalar.properties.generalCategory != .control,
                "U+\(String(scalar.value, radix: 16)) is in the tail"
            )
        }
        return text
    }

    private static func failure(_ message: String) {
        for status in [400, 404, 409, 500] {
            let failure = EngineFailure(status: status, message: message, operation: "fuzz")
            require(failure.error.recovery != nil, "no advice")
        }
        let pull = AntidoteError.pullFailed("fuzz:1", says: message, credential: nil)
        require(pull.recovery != nil, "no advice")
    }

    private static func time(_ text: String) { _ = EngineTime(text) }

    /// As the backend does it. What an engine does not say is an error of ours, and no other.
    private static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
        do {
            return try EngineClient.decode(type, from: bytes, of: .init("fuzz", .get, []))
        } catch {
            require(error is AntidoteError, "\(error)")
            return nil
        }
    }
}
