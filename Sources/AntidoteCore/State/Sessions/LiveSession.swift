/// One visitor: the owner of environments, for a limited time.
///
/// Its token and its address are not part of it: the store keeps a digest of the one, and the other for counting only.
public struct LiveSession: Sendable, Hashable, Codable {
    /// The owner of what the session asks for.
    @_spi(StoreKit) public let id: OwnerID
    /// By the store's clock.
    @_spi(StoreKit) public let createdAt: Timestamp
    /// When it is over, and everything of it is taken away. `nil`: never.
    @_spi(StoreKit) public package(set) var endsAt: Timestamp?
    /// Exempt from every expiry, with everything that it asks for.
    @_spi(StoreKit) public package(set) var isPersistent: Bool
    /// Who it is in an outside system; `nil` for an anonymous visitor.
    @_spi(StoreKit) public let identity: OutsideIdentity?

    /// A new session for `request`.
    package init(admitting request: SessionRequest, id: OwnerID, now: Timestamp) {
        self.init(
            id: id,
            createdAt: now,
            endsAt: request.lifetime.map { now + $0 },
            isPersistent: false,
            identity: request.identity
        )
    }

    /// The session as it was written down.
    package init(id: OwnerID, createdAt: Timestamp, endsAt: Timestamp?, isPersistent: Bool, identity: OutsideIdentity?)
    {
        self.id = id
        self.createdAt = createdAt
        self.endsAt = endsAt
        self.isPersistent = isPersistent
        self.identity = identity
    }

    /// It is over now, persistent or not.
    mutating func end(at now: Timestamp) {
        isPersistent = false
        endsAt = min(endsAt ?? now, now)
    }

    /// When it and what it asks for must be gone, if ever.
    @_spi(StoreKit) public var expiresAt: Timestamp? { isPersistent ? nil : endsAt }

    /// Whether it may ask for something.
    @_spi(StoreKit) public func isLive(at now: Timestamp) -> Bool { expiresAt.map { now < $0 } ?? true }
}

/// A person as an outside system knows it.
@_spi(StoreKit) public struct OutsideIdentity: Sendable, Hashable, Codable {
    /// The system, such as a learning platform's name.
    public var provider: String
    /// Whatever that system calls the person. Unique there.
    public var subject: String

    /// The person that `provider` calls `subject`.
    public init(provider: String, subject: String) {
        self.provider = provider
        self.subject = subject
    }
}

/// Somebody asks for a session.
@_spi(StoreKit) public struct SessionRequest: Sendable, Hashable {
    /// What the token is recognised by; the token itself is never stored.
    public var tokenDigest: TokenDigest
    /// How long it lasts. `nil`: for ever.
    public var lifetime: Duration?
    /// Where the request came from. Kept with the session to count by, and shown to nobody.
    public var address: String?
    /// Who it is in an outside system.
    public var identity: OutsideIdentity?

    package init(
        tokenDigest: TokenDigest,
        lifetime: Duration? = nil,
        address: String? = nil,
        identity: OutsideIdentity? = nil
    ) {
        self.tokenDigest = tokenDigest
        self.lifetime = lifetime
        self.address = address
        self.identity = identity
    }
}

/// A cryptographic digest of a token: enough to recognise it, useless to whoever reads the store.
public struct TokenDigest: Sendable, Hashable {
    /// 32 bytes of SHA-256.
    @_spi(StoreKit) public var bytes: [UInt8]

    /// The digest that consists of `bytes`.
    @_spi(StoreKit) public init(bytes: [UInt8]) { self.bytes = bytes }
}
