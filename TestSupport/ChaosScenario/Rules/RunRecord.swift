/// Everything that the checker may look at: what was asked and answered, the event log, and what was at the provider.
///
/// Times are seconds by the wall clock of this machine.
package struct RunRecord: Sendable {
    package var limits = Limits()
    package var exchanges: [Exchange] = []
    package var events: [EventRecord] = []
    /// What was at the provider, again and again; the last one is of the time when everything was at rest.
    package var samples: [ProviderSample] = []
    /// The live lessons that are not over, when everything was at rest.
    package var rows: [RowRecord] = []
    /// What was planted at the provider and is somebody else's.
    package var strangers: Set<ProviderEntry> = []
    /// When every copy was replaced although nothing was amiss; `nil`: never.
    package var upgrade: Upgrade?

    package init() {}

    package struct Limits: Sendable {
        package var perInstance = 30
        package var perSession = 3
        /// After which time an idle live lesson may be taken away, less what its keep-alives may be late.
        package var idle = 120.0
        /// Whether labs may fail, because the provider itself does.
        package var mayFail = false

        package init() {}
    }

    package struct Upgrade: Sendable {
        package var from: Double
        package var to: Double
        /// What was READY when it began.
        package var ready: [RowRecord]

        package init(from: Double, to: Double, ready: [RowRecord]) {
            self.from = from
            self.to = to
            self.ready = ready
        }
    }
}

/// One request, and what came of it.
package struct Exchange: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case openSession
        case request(lesson: String, stage: Int)
        case read(String)
        case list
        case change(String, stage: Int)
        case delete(String)
        case endSession

        package var changesNothing: Bool {
            switch self {
            case .read, .list: true
            case .openSession, .request, .change, .delete, .endSession: false
            }
        }
    }

    package var kind: Kind
    /// `nil` while there is none.
    package var session: String?
    package var sent: Double
    package var received: Double
    /// `nil`: no answer came, and nobody knows whether it was done.
    package var status: Int?
    /// Why there was no answer, or the code of a problem.
    package var problem: String?
    /// The live lessons in the answer.
    package var seen: [SeenLesson] = []

    package init(_ kind: Kind, session: String?, sent: Double, received: Double, status: Int?) {
        self.kind = kind
        self.session = session
        self.sent = sent
        self.received = received
        self.status = status
    }

    package var isAccepted: Bool { status.map { (200..<300).contains($0) } ?? false }
    /// Whether the answer leaves open if it was done.
    package var isUncertain: Bool { status.map { $0 >= 500 } ?? true }
}

/// A live lesson as an answer shows it.
package struct SeenLesson: Sendable, Hashable {
    package var id: String
    package var lesson: String
    package var phase: String
    package var generation: Int
    package var wantedStage: Int
    package var restarts = 0

    package init(id: String, lesson: String, phase: String, generation: Int, wantedStage: Int) {
        self.id = id
        self.lesson = lesson
        self.phase = phase
        self.generation = generation
        self.wantedStage = wantedStage
    }

    /// Whether it counts for its session: neither failed nor on its way out.
    package var isActive: Bool { !["FAILED", "DELETING", "CLOSED"].contains(phase) }

    /// How far it is within one generation; `nil` for a phase that nobody knows.
    package var rank: Int? {
        ["QUEUED", "INITIALIZED", "BOOTING", "CONFIGURATION", "READY", "FAILED", "DELETING", "CLOSED"]
            .firstIndex(of: phase)
    }
}

/// One entry of the event log.
package struct EventRecord: Sendable, Hashable {
    package var type: String
    package var liveLesson: String
    package var session: String
    package var lesson: String
    package var stage: Int
    package var sequence: Int
    package var failure: String?
    package var time: Double

    package init(_ type: String, of liveLesson: String, session: String, lesson: String, sequence: Int, time: Double) {
        self.type = type
        self.liveLesson = liveLesson
        self.session = session
        self.lesson = lesson
        self.sequence = sequence
        self.time = time
        stage = 0
    }
}

/// What was at the provider at one moment.
package struct ProviderSample: Sendable, Hashable {
    package var time: Double
    package var entries: Set<ProviderEntry>

    package init(time: Double, entries: Set<ProviderEntry>) {
        self.time = time
        self.entries = entries
    }
}

/// One topology at the provider.
package struct ProviderEntry: Sendable, Hashable {
    package var environment: String
    package var incarnation: Int
    package var instance: String
    package var store: String

    package init(environment: String, incarnation: Int, instance: String, store: String) {
        self.environment = environment
        self.incarnation = incarnation
        self.instance = instance
        self.store = store
    }
}

/// A live lesson as `antidote get livelessons` tells it.
package struct RowRecord: Sendable, Hashable, Decodable {
    package var id: String
    package var session: String
    package var lesson: String
    package var phase: String
    package var stage: Int
    package var incarnation: Int
    package var failure: Failure?

    package struct Failure: Sendable, Hashable, Decodable {
        package var code: String
        package var message: String

        package init(code: String, message: String) {
            self.code = code
            self.message = message
        }
    }

    package init(id: String, session: String, lesson: String, phase: String, incarnation: Int) {
        self.id = id
        self.session = session
        self.lesson = lesson
        self.phase = phase
        self.incarnation = incarnation
        stage = 0
    }
}
