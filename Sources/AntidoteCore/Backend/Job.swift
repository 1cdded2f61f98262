/// A container inside a topology's network that runs a command once, or again and again.
public struct Job: Sendable, Hashable {
    /// Unique in an incarnation; what was run under it is never run again.
    public var id: JobID
    /// The endpoint it is about, for progress and errors.
    public var endpoint: String?
    /// What its container is made from.
    public var image: ImageReference
    /// The program and its arguments.
    public var command: [String]
    /// Secrets go here, never into the command.
    public var environment: [String: EnvironmentValue]
    /// Uploaded into the lab directory before it starts.
    public var files: FileSet
    /// Where it finds its files. An absolute path.
    public var labDirectory: String
    /// How much of the machine it may use.
    public var limits: ResourceLimits
    /// How long one run may take.
    public var deadline: Duration
    /// Run it again this long after each exit. `nil`: once.
    public var repetition: Duration?

    public init(
        id: JobID,
        endpoint: String? = nil,
        image: ImageReference,
        command: [String],
        environment: [String: EnvironmentValue] = [:],
        files: FileSet = .empty,
        labDirectory: String = "/antidote",
        limits: ResourceLimits = ResourceLimits(),
        deadline: Duration = .seconds(600),
        repetition: Duration? = nil
    ) {
        self.id = id
        self.endpoint = endpoint
        self.image = image
        self.command = command
        self.environment = environment
        self.files = files
        self.labDirectory = labDirectory
        self.limits = limits
        self.deadline = deadline
        self.repetition = repetition
    }
}

/// How a run of a job ended.
public struct JobResult: Sendable, Hashable, Codable {
    /// The status that its process ended with; 0 is success.
    public var exitStatus: Int
    /// The end of what it printed, at most ``outputLimit`` bytes, cleaned for showing to people.
    public var outputTail: String
    /// Whether it was stopped for using too much memory.
    public var outOfMemory: Bool

    /// How many bytes of its output are kept.
    public static let outputLimit = 16 * 1024

    public init(exitStatus: Int, outputTail: String, outOfMemory: Bool = false) {
        self.exitStatus = exitStatus
        self.outputTail = outputTail
        self.outOfMemory = outOfMemory
    }
}
