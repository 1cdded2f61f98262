@_spi(StoreKit) import AntidoteCore
import Foundation

extension StoreMutant {
    static let reading: [StoreMutant] = [
        StoreMutant("tells each connection another identity", ["read/identity"]) {
            let count = Kept(0)
            $0.id = { id in
                let suffix = count.next()
                return StoreID(unchecked: String(id.rawValue.dropLast()) + String(suffix + 1))
            }
        },
        StoreMutant("tells what it read before", ["read/everywhere"]) {
            let read = Kept<[EnvironmentID: Environment]>([:])
            $0.environment = { base, id in
                if let row = read.value[id] { return row }
                let row = try await base.environment(id)
                read.change { $0[id] = row }
                return row
            }
        },
        StoreMutant("fails where nothing is", ["read/unknown"]) {
            $0.environment = { base, id in
                guard let row = try await base.environment(id) else { throw AntidoteError(.notFound, "no row") }
                return row
            }
        },
        StoreMutant("does not know closed rows", ["read/known", "forget/limit"]) {
            $0.known = { base, ids in try await base.known(ids).filter { $0.value.phase != .closed } }
        },
        StoreMutant("lists the rows of anybody", ["read/by-owner", "read/pages"]) {
            $0.environments = { base, filter in
                var filter = filter
                filter.owner = nil
                filter.limit = nil
                return try await base.environments(matching: filter)
            }
        },
        StoreMutant("lists the rows on any backend", ["read/by-backend", "read/roster"]) {
            $0.environments = { base, filter in
                var filter = filter
                filter.backend = nil
                return try await base.environments(matching: filter)
            }
        },
        StoreMutant("lists all phases", ["read/by-phase"]) {
            $0.environments = { base, filter in
                var filter = filter
                filter.phases = nil
                return try await base.environments(matching: filter)
            }
        },
        StoreMutant("begins each page anew", ["read/pages"]) {
            $0.environments = { base, filter in
                var filter = filter
                filter.afterTicket = nil
                return try await base.environments(matching: filter)
            }
        },
        StoreMutant("rounds times to milliseconds", ["exact/row"]) {
            $0.environment = { base, id in
                guard var row = try await base.environment(id) else { return nil }
                let moment = row.attempts.notBefore.map { $0.microseconds / 1000 * 1000 }
                row.attempts.notBefore = moment.map(Timestamp.init)
                return row
            }
        },
        StoreMutant("cuts long logs", ["exact/failure"]) {
            $0.environment = { base, id in
                guard var row = try await base.environment(id) else { return nil }
                let tail = row.failure?.logTail
                row.observed.failure?.logTail = tail.map { String($0.prefix(10_000)) }
                return row
            }
        },
        StoreMutant("writes accents in another way", ["exact/row"]) {
            $0.environment = { base, id in
                guard let row = try await base.environment(id) else { return nil }
                let text = String(decoding: try JSONEncoder().encode(row), as: UTF8.self)
                let other = text.replacing("e\u{301}", with: "\u{E9}")
                return try JSONDecoder().decode(Environment.self, from: Data(other.utf8))
            }
        },
    ]

    static let keeping: [StoreMutant] = [
        StoreMutant("never forgets", ["forget/old", "sources/forgotten", "sources/back"]) {
            $0.forget = { _, _, _ in 0 }
        },
        StoreMutant("says that it forgot more than it did", ["forget/sessions-with-rows", "forget/open", "forget/old"])
        {
            $0.forget = { base, age, limit in try await base.forget(olderThan: age, limit: limit) + 1 }
        },
        StoreMutant("forgets what is young", ["forget/old"]) {
            $0.forget = { base, _, limit in try await base.forget(olderThan: .seconds(-10), limit: limit) }
        },
        StoreMutant("forgets everything at once", ["forget/limit"]) {
            $0.forget = { base, age, _ in try await base.forget(olderThan: age, limit: 10_000) }
        },
        StoreMutant("forgets the events of what is there", ["forget/open"]) {
            let hasForgotten = Kept(false)
            $0.forget = { base, age, limit in
                hasForgotten.change { $0 = true }
                return try await base.forget(olderThan: age, limit: limit)
            }
            $0.eventsMatching = { base, filter in
                let events = try await base.events(matching: filter)
                return hasForgotten.value ? Array(events.suffix(2)) : events
            }
        },
        StoreMutant("says that it is ill", ["trouble/healthy"]) {
            $0.checkHealth = { _ in throw AntidoteError(.storeUnavailable, "it is ill") }
        },
        StoreMutant("is of no use after a call that was cancelled", ["trouble/cancelled"]) {
            let isBroken = Kept(false)
            $0.before = {
                if Task.isCancelled { isBroken.change { $0 = true } }
                if isBroken.value { throw AntidoteError(.storeUnavailable, "the connection is in use") }
            }
        },
        StoreMutant("lets go of nothing when a claim is cancelled", ["trouble/deciding"]) {
            $0.claim = { base, request, decide in
                var request = request
                request.leaseDuration = request.leaseDuration * 1000
                return try await base.claim(request, recording: decide)
            }
        },
    ]
}
