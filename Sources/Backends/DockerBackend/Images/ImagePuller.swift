import AntidoteCore
import HTTPTransport
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Pulls one image, and gives up when nothing moves any more.
struct ImagePuller: Sendable {
    let client: EngineClient
    let configuration: DockerConfiguration

    func pull(_ reference: String, report: @escaping @Sendable (PullProgress) -> Void) async throws {
        let name = ImageName(reference)
        let credential = try await CredentialStore(configuration).credential(for: name)
        let time = configuration.time
        let moved = LastMove(time.uptime())
        let overall = AntidoteError(
            .imagePullFailed,
            "its pull took longer than \(configuration.pullDeadline)",
            recovery: "Use a smaller image, or a registry that is nearer.",
            subject: reference
        )
        try await time.withDeadline(configuration.pullDeadline, onTimeout: overall) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await read(name, with: credential) { progress, hasMoved in
                        if hasMoved { moved.set(time.uptime()) }
                        report(progress)
                    }
                }
                group.addTask { try await watch(moved, reference: reference) }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    /// Throws when the last move is too long ago.
    private func watch(_ moved: LastMove, reference: String) async throws {
        while true {
            let rest = moved.value + configuration.pullStallLimit - configuration.time.uptime()
            if rest <= .zero {
                throw AntidoteError(
                    .imagePullStalled,
                    "its pull has made no progress for \(configuration.pullStallLimit)",
                    recovery: "Check the way from the engine to the registry.",
                    subject: reference
                )
            }
            try await configuration.time.sleep(rest)
        }
    }

    private func read(
        _ name: ImageName,
        with credential: RegistryCredential?,
        _ report: @Sendable (PullProgress, Bool) -> Void
    ) async throws {
        let reference = name.pullReference
        let authorization = try credential?.header(for: name)
        do {
            try await client.withPull(of: reference, authorization: authorization) { lines in
                var progress = PullProgress()
                for try await line in lines where !line.isEmpty {
                    let message = try EngineClient.decode(
                        PullMessage.self,
                        from: line,
                        of: .init("image.pull", .post, [], place: reference)
                    )
                    if let error = message.error {
                        throw AntidoteError.pullFailed(reference, says: error, credential: credential)
                    }
                    let hasMoved = progress.take(message)
                    report(progress, hasMoved)
                }
            }
        } catch let failure as EngineFailure {
            throw AntidoteError.pullFailed(reference, says: failure.message, credential: credential)
        }
    }
}

private final class LastMove: Sendable {
    private let moment: Mutex<Duration>

    init(_ moment: Duration) { self.moment = Mutex(moment) }

    var value: Duration { moment.withLock { $0 } }
    func set(_ moment: Duration) { self.moment.withLock { $0 = moment } }
}

extension RegistryCredential {
    /// All that must not be seen of it: as it is, and as it travels.
    var secrets: [Secret] {
        let basic = Secret(Data("\(username):\(password.reveal())".utf8).base64EncodedString())
        return [password, basic] + (identityToken.map { [$0] } ?? [])
    }

    /// The `X-Registry-Auth` header: JSON in URL-safe base64.
    func header(for name: ImageName) throws -> String {
        var fields = ["serveraddress": name.registry == ImageName.hub ? ImageName.hubKey : name.registry]
        if let identityToken {
            fields["identitytoken"] = identityToken.reveal()
        } else {
            fields["username"] = username
            fields["password"] = password.reveal()
        }
        return try JSONEncoder().encode(fields).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_")
    }
}
