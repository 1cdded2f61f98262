@_spi(StoreKit) package import AntidoteCore

extension LiveLessons {
    /// Opens a session. Throws `limitExceeded` if its address has as many as it may.
    package func openSession(_ request: SessionRequest) async throws -> LiveSession {
        // Who gives up meanwhile must not leave half a session: there is none.
        try await access.write("open session") { [store] in try await store.openSession(request) }
    }

    /// The session that a token belongs to; `nil` if there is none, or it is over.
    package func session(withToken digest: TokenDigest) async throws -> LiveSession? {
        try await access.ask("session") { [store] in try await store.session(withToken: digest) }
    }

    /// Ends a session, and everything that it has is wanted gone.
    package func endSession(_ session: LiveSession) async throws {
        try await access.write("end session") { [store] in try await store.endSession(session.id) }
        // One is enough to make the workers look for all that is due; without any, their sweep finds it.
        let filter = EnvironmentFilter(owner: session.id, phases: [.deleting], limit: 1)
        guard let row = try? await access.ask({ try await $0.environments(matching: filter) }).first else { return }
        await requests.wake(about: row.id)
    }
}
