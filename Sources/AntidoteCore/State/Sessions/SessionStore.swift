/// Keeps who may ask for environments. The same store as the environments': a session that ends takes them with it.
public protocol SessionStore: Sendable {
    /// Opens a session. Throws `limitExceeded` if its address has as many as it may.
    func openSession(_ request: SessionRequest) async throws -> LiveSession

    /// The session that the token belongs to; `nil` if there is none, or it is over.
    func session(withToken digest: TokenDigest) async throws -> LiveSession?

    /// `nil` if there is no such session, or not any more.
    func session(_ id: OwnerID) async throws -> LiveSession?

    /// The sessions that are not over, oldest first. For people and programs that list.
    func sessions(limit: Int) async throws -> [LiveSession]

    /// Exempts a session and everything that it has from every expiry, or ends that. Throws `notFound`.
    func setPersistent(_ isPersistent: Bool, session: OwnerID) async throws -> LiveSession

    /// Ends a session: everything of it is wanted gone. One that is over already is a success.
    func endSession(_ id: OwnerID) async throws
}
