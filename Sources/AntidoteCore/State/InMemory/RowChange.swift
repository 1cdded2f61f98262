/// One change of one row of an in-memory store, for a simulation that checks each.
package struct RowChange: Sendable {
    /// Without any event: the row is new.
    package var before: Environment
    package var after: Environment
    package var events: [EnvironmentEvent]
    package var at: Timestamp
    /// What the change was committed under; `nil` if it was no commit of a worker.
    package var fence: Fence?
}
