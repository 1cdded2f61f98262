@_spi(StoreKit) package import AntidoteCore

extension LiveLessons {
    /// Opens a session. Throws `limitExceeded` if its address has as many as it may.
    package func openSession(_ request: SessionRequest) async throws -> LiveSession {
        try await requests.openSession(request)
    }

    /// The session that a token belongs to; `nil` if there is none, or it is over.
    package func session(withToken digest: TokenDigest) async throws -> LiveSession? {
        try await requests.session(withToken: digest)
    }

    /// Ends a session, and wants everything that it has removed.
    package func endSession(_ session: LiveSession) async throws { try await requests.endSession(session.id) }
}
