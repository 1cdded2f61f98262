/// The times and bounds that scheduling keeps to.
public struct SchedulingPolicy: Sendable, Hashable {
    package var provisionDeadline: Duration
    package var pullDeadline: Duration
    package var planDeadline: Duration
    package var storeDeadline: Duration
    package var busDeadline: Duration
    package var leaseDuration: Duration
    package var renewInterval: Duration
    package var sweepInterval: Duration
    package var collectionInterval: Duration
    package var orphanGrace: Duration
    package var maxOrphanShare: Double
    package var failedRetention: Duration
    package var maxRestarts: Int
    package var maxClaims: Int
    package var concurrency: Int
    package var retry: RetryPolicy

    /// - Parameters:
    ///   - provisionDeadline: The longest that one build attempt may take, image pulls excluded.
    ///   - pullDeadline: The longest that one build attempt may spend on image pulls.
    ///   - planDeadline: The longest that a plan may take.
    ///   - storeDeadline: The longest that one call to the store may take.
    ///   - busDeadline: The longest that the bus may take for one message. Messages that it did not take are published
    ///     later.
    ///   - leaseDuration: How long a worker may change a row without renewing its lease.
    ///   - renewInterval: How often a worker renews its leases.
    ///   - sweepInterval: How often a worker asks the store for due rows, besides the signals of the bus.
    ///   - collectionInterval: How often the collector looks for expired environments.
    ///   - orphanGrace: The age from which a topology without a row is destroyed.
    ///   - maxOrphanShare: The largest share of an inventory that is destroyed together, unless it is a handful.
    ///   - failedRetention: How long a failed row is kept with its reason.
    ///   - maxRestarts: How often one endpoint is replaced before its environment fails.
    ///   - maxClaims: How many claims in one phase mean that workers crash on the environment.
    ///   - concurrency: How many environments one worker drives at the same time.
    ///   - retry: How failed attempts are repeated.
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
