@_spi(StoreKit) import AntidoteCore

extension StoreCase {
    static let renewCases: [StoreCase] = [
        StoreCase(.renew, "prolongs", "a renewed lease lasts that long from now, and not longer") { bench in
            let row = try await bench.admit("a")
            let claim = try await bench.claim(row.id)
            try await bench.pass(.seconds(400))
            let renewals = try await bench.other.renew([row.id: claim.lease.fence], for: StoreBench.lease)
            try require(renewals[row.id]?.fence, is: claim.lease.fence, "the renewed fence")
            let end = try require(try await bench.row(row.id).lease?.endsAt, "the row has no lease")
            try require(end - claim.at, near: .seconds(400) + StoreBench.lease, "the lease ends after")
            try await bench.pass(.seconds(400))
            try require(try await bench.claim(worker: "v").count, is: 0, "claims while it lasts")
            try await bench.commit(claim, [.begin(incarnation: 1)])
            try await bench.pass(.seconds(201))
            try require(try await bench.claim(worker: "v").count, is: 1, "claims when it is over")
        },
        StoreCase(.renew, "only-held", "what is not said to be held is not renewed") { bench in
            let mine = try await bench.admit("a")
            let claims = [try await bench.claim(mine.id)]
            let other = try await bench.admit("b")
            _ = try await bench.claim(other.id)
            try await bench.pass(.seconds(400))
            let renewals = try await bench.store.renew([mine.id: claims[0].lease.fence], for: StoreBench.lease)
            try require(Set(renewals.keys), is: [mine.id], "renewed rows")
            try await bench.pass(.seconds(400))
            try require(try await bench.claim(worker: "v").map(\.environment.id), is: [other.id], "rows that are due")
        },
        StoreCase(.renew, "fence", "a lease is renewed by its own fence only") { bench in
            let row = try await bench.admit("a")
            let claim = try await bench.claim(row.id)
            for number in [claim.lease.fence.rawValue + 1, claim.lease.fence.rawValue - 1, 99] {
                let renewals = try await bench.store.renew([row.id: Fence(number)], for: .seconds(5000))
                try require(renewals, is: [:], "what the fence \(number) renewed")
            }
            let stranger = try await bench.store.renew([bench.random.environmentID(): Fence(1)], for: .seconds(5000))
            try require(stranger, is: [:], "what was renewed of a row that is not there")
            try require(try await bench.row(row.id).lease, is: claim.lease, "the lease")
        },
        StoreCase(.renew, "over", "a lease that is over, or was let go, is not renewed") { bench in
            let row = try await bench.admit("a")
            let claim = try await bench.claim(row.id)
            let other = try await bench.admit("b")
            let released = try await bench.claim(other.id)
            try await bench.commit(released, releases: true)
            var renewals = try await bench.store.renew([other.id: released.lease.fence], for: StoreBench.lease)
            try require(renewals, is: [:], "what was renewed of a lease that was let go")
            try await bench.pass(StoreBench.lease + .seconds(1))
            renewals = try await bench.store.renew([row.id: claim.lease.fence], for: StoreBench.lease)
            try require(renewals, is: [:], "what was renewed of a lease that is over")
            try require(try await bench.claim(worker: "v").count, is: 2, "claims after that")
        },
        StoreCase(.renew, "generation", "a renewal tells what is wanted by now") { bench in
            let row = try await bench.admit("a")
            let claim = try await bench.claim(row.id)
            let held = [row.id: claim.lease.fence]
            try require(
                try await bench.store.renew(held, for: .seconds(900))[row.id]?.generation,
                is: 1,
                "the generation"
            )
            _ = try await bench.other.change(row.id, toRevision: 4)
            try require(
                try await bench.store.renew(held, for: .seconds(900))[row.id]?.generation,
                is: 2,
                "the generation"
            )
            try await bench.other.remove(row.id)
            try require(
                try await bench.store.renew(held, for: .seconds(900))[row.id]?.generation,
                is: 3,
                "the generation"
            )
        },
        StoreCase(.renew, "many", "many leases are renewed together, and each lost one is absent") { bench in
            for index in 0..<20 { try await bench.admit("o\(index)") }
            let claims = try await bench.claim()
            var held = Dictionary(uniqueKeysWithValues: claims.map { ($0.environment.id, $0.lease.fence) })
            try await bench.commit(claims[3], releases: true)
            held[claims[5].environment.id] = Fence(77)
            let renewals = try await bench.store.renew(held, for: StoreBench.lease)
            let lost = Set([claims[3].environment.id, claims[5].environment.id])
            try require(Set(renewals.keys), is: Set(held.keys).subtracting(lost), "renewed rows")
            try require(try await bench.store.renew([:], for: StoreBench.lease), is: [:], "what nothing renews")
        },
    ]
}
