/// The times and bounds that scheduling keeps to.
public struct SchedulingPolicy: Sendable, Hashable {
    /// How long one attempt at building may take, pulling images left out.
    public var provisionDeadline: Duration
    /// How long an environment may spend pulling images in one attempt.
    public var pullDeadline: Duration
    /// How long a plan may take.
    public var planDeadline: Duration
    /// How long one call to the store may take, also a write of a worker that was told to stop.
    public var storeDeadline: Duration
    /// How long the bus may take over one message. The relay publishes what it did not take.
    public var busDeadline: Duration
    /// How long a worker has the right to change a row, unless it renews that.
    public var leaseDuration: Duration
    /// How often it renews it.
    public var renewInterval: Duration
    /// How often a worker looks for due rows without being told.
    public var sweepInterval: Duration
    /// How often the collector looks for what is over.
    public var collectionInterval: Duration
    /// What has no row at this age is destroyed.
    public var orphanGrace: Duration
    /// At most this share of an inventory is pruned at once, if it is more than a handful.
    public var maxOrphanShare: Double
    /// How long a failed row keeps its reason, decided when it fails.
    public var failedRetention: Duration
    /// How often one endpoint is replaced before its environment fails.
    public var maxRestarts: Int
    /// How many claims in one phase show that workers die of it.
    public var maxClaims: Int
    /// How many environments one worker drives at once.
    public var concurrency: Int
    /// How failed attempts are repeated.
    public var retry: RetryPolicy

    public init(
        provisionDeadline: Duration = .seconds(600),
        pullDeadline: Duration = .seconds(1800),
        planDeadline: Duration = .seconds(30),
        storeDeadline: Duration = .seconds(10),
        busDeadline: Duration = .seconds(2),
        leaseDuration: Duration = .seconds(15),
        renewInterval: Duration = .seconds(5),
        sweepInterval: Duration = .seconds(5),
        collectionInterval: Duration = .seconds(60),
        orphanGrace: Duration = .seconds(600),
        maxOrphanShare: Double = 0.5,
        failedRetention: Duration = .seconds(24 * 3600),
        maxRestarts: Int = 3,
        maxClaims: Int = 20,
        concurrency: Int = 64,
        retry: RetryPolicy = RetryPolicy()
    ) {
        self.provisionDeadline = provisionDeadline
        self.pullDeadline = pullDeadline
        self.planDeadline = planDeadline
        self.storeDeadline = storeDeadline
        self.busDeadline = busDeadline
        self.leaseDuration = leaseDuration
        self.renewInterval = renewInterval
        self.sweepInterval = sweepInterval
        self.collectionInterval = collectionInterval
        self.orphanGrace = orphanGrace
        self.maxOrphanShare = maxOrphanShare
        self.failedRetention = failedRetention
        self.maxRestarts = maxRestarts
        self.maxClaims = maxClaims
        self.concurrency = concurrency
        self.retry = retry
    }
}
