@_spi(StoreKit) import AntidoteCore

extension StoreMutant {
    static let admitting: [StoreMutant] = [
        StoreMutant("never says that a row is new", ["admit/new", "admit/session-required"]) {
            $0.admit = { base, request in
                var admission = try await base.admit(request)
                admission.isNew = false
                return admission
            }
        },
        StoreMutant("keeps one header of the trace", ["admit/as-asked"]) {
            $0.admit = { base, request in
                var request = request
                request.traceContext["tracestate"] = nil
                return try await base.admit(request)
            }
        },
        StoreMutant(
            "makes a row for each request",
            ["admit/again", "admit/at-once", "admit/per-owner-again", "admit/use"]
        ) {
            let count = Kept(0)
            $0.admit = { base, request in
                var request = request
                request.source.name += "-\(count.next())"
                return try await base.admit(request)
            }
        },
        StoreMutant("takes versions for different sources", ["admit/any-version", "capacity/per-source"]) {
            $0.admit = { base, request in
                var request = request
                request.source.name += request.source.version
                return try await base.admit(request)
            }
        },
        StoreMutant("takes all owners for one", ["admit/others", "read/by-owner", "events/filters"]) {
            $0.admit = { base, request in
                var request = request
                request.owner = OwnerID(unchecked: "one")
                return try await base.admit(request)
            }
        },
        StoreMutant("gives what is over once more", ["admit/after-the-end", "admit/use"]) {
            let first = Kept<[String: Admission]>([:])
            $0.admit = { base, request in
                let key = "\(request.owner) \(request.source)"
                if var known = first.value[key] {
                    known.isNew = false
                    known.events = []
                    return known
                }
                let admission = try await base.admit(request)
                first.change { $0[key] = admission }
                return admission
            }
        },
        StoreMutant("counts tickets down", ["admit/tickets"]) {
            $0.admit = { base, request in
                var admission = try await base.admit(request)
                let row = admission.environment
                admission.environment = Environment(
                    admitting: request,
                    id: row.id,
                    ticket: -row.ticket,
                    now: row.createdAt
                )
                return admission
            }
        },
        StoreMutant("keeps events to itself", ["admit/event"]) {
            $0.admit = { base, request in
                var admission = try await base.admit(request)
                admission.events = []
                return admission
            }
        },
        StoreMutant("lets sessions go that are over", ["admit/session-required", "admit/session-over"]) {
            $0.admit = { base, request in
                var request = request
                request.requiresSession = false
                return try await base.admit(request)
            }
        },
        StoreMutant("lets rows outlive their session", ["admit/session-bounds"]) {
            $0.admit = { base, request in
                var admission = try await base.admit(request)
                admission.environment.desired.sessionEndsAt = nil
                return admission
            }
        },
        StoreMutant("never expires what is idle", ["claim/idle", "due/expiry", "claim/refused-expiry"]) {
            $0.admit = { base, request in
                var request = request
                request.idleLimit = nil
                return try await base.admit(request)
            }
        },
        StoreMutant("expires what is persistent", ["claim/persistent", "admit/as-asked"]) {
            $0.admit = { base, request in
                var request = request
                request.isPersistent = false
                return try await base.admit(request)
            }
        },
        StoreMutant("keeps whole seconds", ["exact/extremes", "admit/as-asked"]) {
            $0.admit = { base, request in
                var request = request
                request.idleLimit = request.idleLimit.map { .seconds($0.components.seconds) }
                return try await base.admit(request)
            }
        },
        StoreMutant(
            "gives an owner one more",
            ["admit/per-owner", "admit/per-owner-frees"],
            limits: { $0.perOwner = $0.perOwner.map { $0 + 1 } }
        ),
        StoreMutant(
            "does not count by address",
            ["admit/per-address", "admit/per-address-frees"],
            limits: { $0.perAddress = nil }
        ),
        StoreMutant(
            "lets one more wait",
            ["admit/queue", "admit/queue-shrinks"],
            limits: { $0.queueLength = $0.queueLength.map { $0 + 1 } }
        ),
    ]
}
