import AntidoteCore

extension StoreMutant {
    static let changing: [StoreMutant] = [
        StoreMutant("tells nobody of a change", ["change/revision"]) {
            $0.change = { base, id, revision in
                var change = try await base.change(id, toRevision: revision)
                change.events = []
                return change
            }
        },
        StoreMutant("takes every wish for a change", ["change/same"]) {
            $0.change = { base, id, revision in
                _ = try await base.change(id, toRevision: revision + 1)
                return try await base.change(id, toRevision: revision)
            }
        },
        StoreMutant("keeps the first wish", ["change/last-wins"]) {
            let wishes = Kept<[EnvironmentID: Int]>([:])
            $0.change = { base, id, revision in
                let first = wishes.change { wishes in
                    wishes[id] = wishes[id] ?? revision
                    return wishes[id] ?? revision
                }
                return try await base.change(id, toRevision: first)
            }
        },
        StoreMutant("changes what is over", ["change/over"]) {
            $0.change = { base, id, revision in
                do {
                    return try await base.change(id, toRevision: revision)
                } catch {
                    guard let row = try await base.environment(id) else { throw error }
                    return RevisionChange(environment: row, events: [])
                }
            }
        },
        StoreMutant(
            "removes nothing",
            [
                "remove/wanted-gone", "remove/queued", "remove/failed", "admit/after-the-end", "renew/generation",
                "model/random",
            ]
        ) {
            $0.remove = { try await $0.environment($1) }
        },
        StoreMutant("fails to remove what is gone", ["remove/again"]) {
            $0.remove = { base, id in
                guard try await base.environment(id)?.wanted == .present else {
                    throw AntidoteError(.notFound, "it is gone")
                }
                return try await base.remove(id)
            }
        },
        StoreMutant("tells what it removes as it was", ["remove/wanted-gone"]) {
            $0.remove = { base, id in
                let row = try await base.environment(id)
                try await base.remove(id)
                return row
            }
        },
        StoreMutant("does not remove what waits", ["remove/queued", "admit/queue-shrinks"]) {
            $0.remove = { base, id in
                guard let row = try await base.environment(id), row.phase == .queued else {
                    return try await base.remove(id)
                }
                return row
            }
        },
        StoreMutant("does not remove what failed", ["remove/failed"]) {
            $0.remove = { base, id in
                guard let row = try await base.environment(id), row.phase == .failed else {
                    return try await base.remove(id)
                }
                return row
            }
        },
        StoreMutant(
            "notes no use",
            ["use/moves-expiry", "use/rarely", "use/many", "claim/refused-expiry", "due/expiry"]
        ) {
            $0.keepAlive = { _, _ in }
        },
        StoreMutant("writes every use", ["use/rarely"]) {
            $0.admit = { base, request in
                var admission = try await base.admit(request)
                let row = admission.environment
                guard !admission.isNew else { return admission }
                admission.environment = try await base.change(row.id, toRevision: row.revision).environment
                return admission
            }
        },
        StoreMutant("notes the first of many uses", ["use/many"]) {
            $0.keepAlive = { base, ids in try await base.keepAlive(Array(ids.prefix(1))) }
        },
        StoreMutant("takes old news for news", ["report/dead", "report/vanished", "report/late"]) {
            $0.report = { base, trouble, id, incarnation in
                _ = try await base.report(trouble, of: id, incarnation: incarnation)
                return true
            }
        },
        StoreMutant("takes news of any incarnation", ["report/late"]) {
            $0.report = { base, trouble, id, incarnation in
                let current = try await base.environment(id)?.incarnation ?? incarnation
                return try await base.report(trouble, of: id, incarnation: current)
            }
        },
    ]
}
