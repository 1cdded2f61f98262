@_spi(StoreKit) import AntidoteCore
import AntidoteLessons
import Foundation
public import Logging

/// Checks every part of an installation, and says whether it works and what to do if it does not.
public struct Diagnosis: Sendable {
    private let settings: Settings
    private let environment: [String: String]
    private let logger: Logger

    public init(settings: Settings, environment: [String: String], logger: Logger) {
        self.settings = settings
        self.environment = environment
        self.logger = logger
    }

    /// The result of checking one part.
    public struct Finding: Sendable, Hashable {
        /// The part that was checked.
        public var part: String
        public var verdict: Verdict
        /// What was found, in a sentence.
        public var detail: String
        /// What to do about it.
        public var advice: String?
    }

    public enum Verdict: String, Sendable, Hashable {
        case works
        /// It works, but should be looked into.
        case warning
        case broken
    }

    /// Returns one finding for each part. Changes nothing.
    public func findings() async -> [Finding] {
        var findings = [await configuration()]
        guard let selection = try? StoreSelection(settings.services), let instance = settings.services.instance else {
            return findings
        }
        findings.append(await examine("versions") { try await selection.versions() })
        var store: OpenStore?
        findings.append(
            await examine("store") {
                let open = try await selection.open(
                    for: instance,
                    limits: settings.services.limits,
                    time: .system,
                    random: .system
                )
                store = open
                try await open.store.checkHealth()
                return "\(selection.description) holds the store \(open.store.id)"
            }
        )
        findings.append(await bus())
        if let store {
            findings.append(await curriculum(store.store))
            findings.append(await clock(store.store))
        }
        findings += await backend(instance, store?.store)
        await store?.close()
        return findings
    }

    private func configuration() async -> Finding {
        await examine("configuration") {
            let instance = try settings.requiredInstance
            guard try StoreSelection(settings.services) != nil else {
                throw AntidoteError(
                    .configurationInvalid,
                    "no store is set",
                    recovery: "Set \(Setting.databaseUrl) or \(Setting.stateFile)."
                )
            }
            return "the installation is called \(instance)"
        }
    }

    private func bus() async -> Finding {
        await examine("bus") {
            guard let selection = try BusSelection(settings.services, clientName: "antidote-doctor") else {
                return "events stay within the process"
            }
            let bus = try await selection.open(logger: logger)
            let health = bus.health
            let outcome: Result<Void, any Error>
            do {
                try await health?.checkHealth()
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            await bus.close()
            try outcome.get()
            return "\(settings.services.natsServers.joined(separator: ", ")) answers"
        }
    }

    private func curriculum(_ store: any StateStore) async -> Finding {
        await examine("curriculum") {
            guard let curriculum = try await StoredLessons(store).currentCurriculum() else {
                throw AntidoteError(.notFound, "none was imported", recovery: "antidote import DIRECTORY")
            }
            return "edition \(curriculum.version) with \(curriculum.lessons.count) lessons"
        }
    }

    private func clock(_ store: any StateStore) async -> Finding {
        await examine("clock") {
            let before = TimeSource.system.now()
            let theirs = try await store.now()
            let after = TimeSource.system.now()
            let ahead = max(theirs - after, before - theirs, .zero)
            guard ahead < .seconds(60) else {
                throw AntidoteError(
                    .configurationInvalid,
                    "this machine and the store are \(Int(ahead.inSeconds)) s apart",
                    recovery:
                        "Set NTP up: labs are safe, since the store's clock decides, but logs are hard to compare."
                )
            }
            let margin = Int((ahead + (after - before)).inSeconds * 1000)
            return "this machine and the store agree within \(max(1, margin)) ms"
        }
    }

    private func backend(_ instance: InstanceID, _ store: (any StateStore)?) async -> [Finding] {
        var backend: (any OwnerListingBackend)?
        var findings = [
            await examine("backend") {
                let (selection, why) = try await BackendSelection.select(
                    settings.backend,
                    settings: settings,
                    environment: environment
                )
                backend = try selection.makeBackend(
                    instance: instance,
                    store: store?.id ?? RandomSource.system.storeID(),
                    owner: nil,
                    settings: settings,
                    time: .system
                )
                return why ?? "\(selection.name) answers"
            }
        ]
        guard let backend, let store else { return findings }
        findings.append(
            await examine("labs") {
                let own = try await backend.inventory().filter { $0.id.instance == instance && $0.id.store == store.id }
                let known = try await store.known(own.map(\.id.environment))
                let orphans = own.filter { known[$0.id.environment] == nil }
                guard orphans.isEmpty else {
                    throw AntidoteError(
                        .notFound,
                        "\(orphans.count) of \(own.count) labs at \(backend.name) belong to nobody",
                        recovery:
                            "antidote-gc removes them when they are older than \(Setting.orphanGrace); "
                            + "see that one runs."
                    )
                }
                return "\(own.count) at \(backend.name), all with an owner"
            }
        )
        return findings
    }

    private func examine(_ part: String, _ look: () async throws -> String) async -> Finding {
        do {
            return Finding(part: part, verdict: .works, detail: try await look())
        } catch {
            let error = AntidoteError.wrapping(error)
            let isMild = error.code == .notFound
            return Finding(
                part: part,
                verdict: isMild ? .warning : .broken,
                detail: "[\(error.code)] \(error.message)",
                advice: error.recovery
            )
        }
    }
}
