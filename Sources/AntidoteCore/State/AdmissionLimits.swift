/// How many environments and sessions there may be. `nil`: as many as like.
public struct AdmissionLimits: Sendable, Hashable, Codable {
    /// Environments of one owner at once.
    @_spi(StoreKit) public var perOwner: Int?
    /// Environments of all sessions from one address at once.
    @_spi(StoreKit) public var perAddress: Int?
    /// Sessions from one address at once.
    @_spi(StoreKit) public var sessionsPerAddress: Int?
    /// Of one source at once.
    @_spi(StoreKit) public var perSource: Int?
    /// On one backend at once.
    @_spi(StoreKit) public var perBackend: Int?
    /// At once in all.
    @_spi(StoreKit) public var perInstance: Int?
    /// How many may wait.
    @_spi(StoreKit) public var queueLength: Int?

    /// Limits of `nil` are off.
    ///
    /// - Parameters:
    ///   - perOwner: The most environments of one owner.
    ///   - perAddress: The most environments of all sessions from one address.
    ///   - sessionsPerAddress: The most sessions from one address.
    ///   - perSource: The most environments of one source.
    ///   - perBackend: The most environments on one backend.
    ///   - perInstance: The most environments in all.
    ///   - queueLength: The most environments that wait for capacity.
    public init(
        perOwner: Int? = nil,
        perAddress: Int? = nil,
        sessionsPerAddress: Int? = nil,
        perSource: Int? = nil,
        perBackend: Int? = nil,
        perInstance: Int? = nil,
        queueLength: Int? = nil
    ) {
        self.perOwner = perOwner
        self.perAddress = perAddress
        self.sessionsPerAddress = sessionsPerAddress
        self.perSource = perSource
        self.perBackend = perBackend
        self.perInstance = perInstance
        self.queueLength = queueLength
    }

    /// Throws `limitExceeded` or `queueFull` where one more environment would be too many.
    ///
    /// - Parameters:
    ///   - ofOwner: What the owner has, of what it can still get back by asking again.
    ///   - ofAddress: The same of all sessions from the owner's address.
    ///   - waiting: How many wait for room.
    func check(ofOwner: Int, ofAddress: Int, waiting: Int) throws {
        if let perOwner, ofOwner >= perOwner {
            throw AntidoteError(
                .limitExceeded,
                "you have \(perOwner) environments already",
                recovery: "Leave one of them, then ask again."
            )
        }
        if let perAddress, ofAddress >= perAddress {
            throw AntidoteError(
                .limitExceeded,
                "\(perAddress) environments were asked for from your address already",
                recovery: "Wait until one of them is left, or ask the operator to raise the limit."
            )
        }
        if let queueLength, waiting >= queueLength {
            throw AntidoteError(.queueFull, "\(queueLength) requests wait already", recovery: "Ask again in a while.")
        }
    }

    /// Throws `limitExceeded` where one more session would be too many of its address.
    func check(sessionsOfAddress count: Int) throws {
        guard let sessionsPerAddress, count >= sessionsPerAddress else { return }
        throw AntidoteError(
            .limitExceeded,
            "\(sessionsPerAddress) sessions were opened from your address already",
            recovery: "Go on with one of them, or ask the operator to raise the limit."
        )
    }
}

extension AntidoteError {
    /// What somebody asks for whose session is not there any more.
    package static var sessionEnded: AntidoteError {
        AntidoteError(.sessionEnded, "the session is over", recovery: "Open a new one.")
    }

    /// A session that the store does not have.
    package static func missingSession(_ id: OwnerID) -> AntidoteError {
        AntidoteError(.notFound, "there is no session \(id)", recovery: "List the sessions: it may be over.")
    }
}
