@_spi(StoreKit) import AntidoteCore

extension StoreMutant {
    static let telling: [StoreMutant] = [
        StoreMutant("loses events", ["commit/numbers", "events/after"]) {
            $0.eventsOf = { base, id, sequence in
                try await base.events(of: id, after: sequence).filter { $0.sequence % 3 != 0 }
            }
        },
        StoreMutant("tells all events again", ["events/after", "change/revision"]) {
            $0.eventsOf = { base, id, _ in try await base.events(of: id, after: 0) }
        },
        StoreMutant("publishes the last first", ["events/outbox"]) {
            $0.unpublished = { base, limit in try await base.unpublishedEvents(limit: limit).reversed() }
        },
        StoreMutant("publishes again and again", ["events/published"]) { $0.markPublished = { _, _ in } },
        StoreMutant("takes everything for published", ["events/published"]) {
            $0.markPublished = { base, _ in
                try await base.markPublished(try await base.unpublishedEvents(limit: 1000))
            }
        },
        StoreMutant("lists the last event first", ["events/all"]) {
            $0.eventsMatching = { base, filter in try await base.events(matching: filter).reversed() }
        },
        StoreMutant("lists everybody's events", ["events/filters"]) {
            $0.eventsMatching = { base, filter in
                var filter = filter
                filter.owner = nil
                return try await base.events(matching: filter)
            }
        },
        StoreMutant("lists the events of every row", ["events/filters"]) {
            $0.eventsMatching = { base, filter in
                var filter = filter
                filter.environment = nil
                return try await base.events(matching: filter)
            }
        },
        StoreMutant("begins each page of events anew", ["events/pages"]) {
            $0.eventsMatching = { base, filter in
                var filter = filter
                filter.after = nil
                return try await base.events(matching: filter)
            }
        },
    ]

    static let visiting: [StoreMutant] = [
        StoreMutant("takes any token for the last session's", ["sessions/token", "sessions/unknown"]) {
            $0.sessionWithToken = { base, _ in try await base.sessions(limit: 100).last }
        },
        StoreMutant(
            "lets sessions last for ever",
            [
                "sessions/as-asked", "sessions/expiry", "claim/session-end", "admit/session-over", "forget/sessions",
                "sessions/persistent-no-more",
            ]
        ) {
            $0.openSession = { base, request in
                var request = request
                request.lifetime = nil
                return try await base.openSession(request)
            }
        },
        StoreMutant("forgets who somebody is", ["sessions/as-asked"]) {
            $0.openSession = { base, request in
                var request = request
                request.identity = nil
                return try await base.openSession(request)
            }
        },
        StoreMutant("tells where somebody is", ["sessions/address-hidden"]) {
            $0.openSession = { base, request in
                var request = request
                request.identity = OutsideIdentity(provider: "address", subject: request.address ?? "")
                return try await base.openSession(request)
            }
        },
        StoreMutant("lists more sessions than were asked for", ["sessions/list"]) {
            $0.sessions = { base, _ in try await base.sessions(limit: 1000) }
        },
        StoreMutant(
            "lets an address open one session more",
            ["sessions/per-address", "sessions/per-address-frees"],
            limits: { $0.sessionsPerAddress = $0.sessionsPerAddress.map { $0 + 1 } }
        ),
        StoreMutant(
            "ends no session",
            ["sessions/end", "sessions/end-again", "sessions/persistent-end", "sessions/list", "forget/sessions"]
        ) {
            $0.endSession = { _, _ in }
        },
        StoreMutant("fails to end what is over", ["sessions/end-again"]) {
            $0.endSession = { base, id in
                guard try await base.sessions(limit: 1000).contains(where: { $0.id == id }) else {
                    throw AntidoteError.missingSession(id)
                }
                try await base.endSession(id)
            }
        },
        StoreMutant("ends no persistent session", ["sessions/persistent-end"]) {
            $0.endSession = { base, id in
                if try await base.session(id)?.isPersistent != true { try await base.endSession(id) }
            }
        },
        StoreMutant("makes nothing persistent", ["sessions/persistent", "forget/sessions"]) {
            $0.setPersistent = { base, isPersistent, id in
                guard var session = try await base.session(id) else { throw AntidoteError.missingSession(id) }
                session.isPersistent = isPersistent
                return session
            }
        },
        StoreMutant("keeps persistent what was", ["sessions/persistent-no-more"]) {
            $0.setPersistent = { base, _, id in try await base.setPersistent(true, session: id) }
        },
    ]
}
