extension AntidoteError {
    /// A stable, opaque name of a kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private let name: Name

        public var description: String { name.rawValue }

        /// The code with this stable name, as records and API bodies spell it.
        init?(_ description: String) {
            guard let name = Name(rawValue: description) else { return nil }
            self.name = name
        }

        private init(_ name: Name) { self.name = name }

        private enum Name: String, CaseIterable {
            case authorityLost, backendRefused, backendUnavailable, busDenied, busUnavailable, capacityExhausted
            case configurationInvalid, curriculumInvalid, deadlineExceeded, endpointFailed, endpointNotReady
            case environmentLost, foreignResource, imageMissing, imagePullFailed, imagePullStalled, internalFault
            case invalidIdentifier, invalidTopology, jobFailed, jobDeadline, limitExceeded, messageRefused
            case nameConflict, notFound, notOwner, provisionDeadline, queueFull, registryDenied, sessionEnded
            case storageFull, storeUnavailable, unsupported
        }

        /// Another worker holds the lease now: what was under way must stop.
        public static let authorityLost = Code(.authorityLost)
        /// The provider refused for good: no permission, or a request it can never grant.
        public static let backendRefused = Code(.backendRefused)
        /// The provider does not answer, or is starting, stopping or overloaded.
        public static let backendUnavailable = Code(.backendUnavailable)
        /// The bus refused the credentials or what was asked of it, or its certificate cannot be trusted.
        public static let busDenied = Code(.busDenied)
        /// The bus does not answer.
        public static let busUnavailable = Code(.busUnavailable)
        /// The provider has no room now.
        public static let capacityExhausted = Code(.capacityExhausted)
        /// The program's own settings are wrong.
        public static let configurationInvalid = Code(.configurationInvalid)
        /// The source cannot be used as it is.
        package static let curriculumInvalid = Code(.curriculumInvalid)
        /// Something took longer than it may.
        public static let deadlineExceeded = Code(.deadlineExceeded)
        /// An endpoint ended, or could not be started.
        public static let endpointFailed = Code(.endpointFailed)
        /// An endpoint runs, but its ports did not answer as the topology demands within `endpointDeadline`.
        public static let endpointNotReady = Code(.endpointNotReady)
        /// A ready environment vanished at the provider.
        public static let environmentLost = Code(.environmentLost)
        /// Something with our name is not ours.
        public static let foreignResource = Code(.foreignResource)
        /// The image is not on the engine, and policy or registry does not give it.
        public static let imageMissing = Code(.imageMissing)
        /// An image could not be pulled.
        public static let imagePullFailed = Code(.imagePullFailed)
        /// A pull made no progress for too long.
        public static let imagePullStalled = Code(.imagePullStalled)
        /// A defect of ours.
        public static let internalFault = Code(.internalFault)
        /// A name breaks the rule of its kind.
        public static let invalidIdentifier = Code(.invalidIdentifier)
        /// The topology contradicts itself or the rules.
        public static let invalidTopology = Code(.invalidTopology)
        /// A job ended with a status other than 0.
        public static let jobFailed = Code(.jobFailed)
        /// A job ran longer than `jobDeadline`.
        public static let jobDeadline = Code(.jobDeadline)
        /// The owner, the address or the instance has as many as it may.
        public static let limitExceeded = Code(.limitExceeded)
        /// No bus carries such a message: its subject or its size breaks a rule.
        public static let messageRefused = Code(.messageRefused)
        /// A name is taken at the provider by something else of ours.
        public static let nameConflict = Code(.nameConflict)
        /// There is no such thing.
        public static let notFound = Code(.notFound)
        /// It belongs to somebody else.
        package static let notOwner = Code(.notOwner)
        /// An environment was not ready within `provisionDeadline`.
        public static let provisionDeadline = Code(.provisionDeadline)
        /// The queue is as long as it may be.
        public static let queueFull = Code(.queueFull)
        /// The registry refused the credentials, or wants some.
        public static let registryDenied = Code(.registryDenied)
        /// The session is over, or there never was one.
        package static let sessionEnded = Code(.sessionEnded)
        /// No space left at the provider.
        public static let storageFull = Code(.storageFull)
        /// The store of environments does not answer.
        public static let storeUnavailable = Code(.storeUnavailable)
        /// The backend cannot do what the topology asks, or this release does not know a value that a later one wrote.
        public static let unsupported = Code(.unsupported)

        /// Every code, in the order of their names: for documentation and tests.
        package static var all: [Code] { Name.allCases.map(Code.init) }

        var usualDisposition: Disposition {
            switch name {
            case .backendUnavailable, .busUnavailable, .capacityExhausted, .deadlineExceeded, .endpointFailed,
                .imagePullFailed, .imagePullStalled, .nameConflict, .storageFull, .storeUnavailable:
                .retry
            case .endpointNotReady:
                .rebuild
            case .authorityLost, .backendRefused, .busDenied, .configurationInvalid, .curriculumInvalid,
                .environmentLost, .foreignResource, .imageMissing, .internalFault, .invalidIdentifier,
                .invalidTopology, .jobFailed, .jobDeadline, .limitExceeded, .messageRefused, .notFound, .notOwner,
                .provisionDeadline, .queueFull, .registryDenied, .sessionEnded, .unsupported:
                .permanent
            }
        }
    }
}

extension AntidoteError.Code: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        // A record of a newer release may hold a code that this one does not know.
        self = AntidoteError.Code(text) ?? .internalFault
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
