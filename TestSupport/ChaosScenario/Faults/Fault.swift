/// Something that goes wrong.
enum Fault: String, Sendable, CaseIterable {
    /// kill -9, and a start after a while.
    case kill
    /// Both copies of a program at once.
    case killBoth
    /// SIGSTOP for longer than a lease, then SIGCONT.
    case pause
    /// SIGTERM and a start: not even a fault.
    case restart
    case restartDatabase
    case crashDatabase
    case endDatabaseConnections
    case stopBus
    case freezeBus
    case cut
    case silence
    case slowness

    /// How often it happens beside the others.
    var weight: Int {
        switch self {
        case .kill: 6
        case .pause: 5
        case .cut, .silence: 3
        case .restart, .slowness, .endDatabaseConnections, .stopBus: 2
        case .killBoth, .restartDatabase, .crashDatabase, .freezeBus: 1
        }
    }

    /// All but those of the bus where `busIsDown`.
    static func possible(busIsDown: Bool) -> [Fault] {
        allCases.filter { !busIsDown || ($0 != .stopBus && $0 != .freezeBus) }
    }

    /// One of those that are possible.
    static func draw(_ number: UInt64, busIsDown: Bool) -> Fault {
        let possible = possible(busIsDown: busIsDown)
        var left = Int(number % UInt64(possible.map(\.weight).reduce(0, +)))
        for fault in possible {
            left -= fault.weight
            if left < 0 { return fault }
        }
        return .kill
    }
}
