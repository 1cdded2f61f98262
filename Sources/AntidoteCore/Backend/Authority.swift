/// The right to change one environment at its provider, for as long as a lease lasts.
///
/// A backend asks ``check()`` before every mutating call. That narrows the window of a worker that lost its lease;
/// it cannot close it, which is why names and labels carry the incarnation.
public struct Authority: Sendable {
    /// The fence of the claim that the right comes from.
    public let fence: Fence
    private let verify: @Sendable () throws -> Void

    /// A right that `verify` denies by throwing, once it is over.
    package init(fence: Fence, verify: @escaping @Sendable () throws -> Void) {
        self.fence = fence
        self.verify = verify
    }

    /// Throws `authorityLost` once the lease is over or nearly so.
    public func check() throws { try verify() }

    /// An authority that never ends: for embedders who are alone, and for tests.
    public static let unlimited = Authority(fence: Fence(0), verify: {})
}
