@_spi(StoreKit) import AntidoteCore
import AntidoteTesting
import FakeBackend
import Synchronization
import Testing

@Suite("An embedded instance")
struct EmbeddedInstanceTests {
    let world = FakeWorld()

    @Test func lendsAReadyEnvironmentAndLeavesNothing() async throws {
        let addresses = try await world.instance().withRunning { running in
            try await running.withEnvironment(of: world.source) { row in
                #expect(row.phase == .ready)
                #expect(world.provider.topologies.count == 1)
                return row.provisioned?.endpoints.map(\.name)
            }
        }
        #expect(addresses == ["web", "client"])
        #expect(world.provider.topologies.isEmpty)
    }

    @Test func needsNoBus() async throws {
        let instance = EmbeddedInstance(
            id: world.id,
            backend: world.backend,
            planners: FakeWorld.planners,
            policy: SchedulingPolicy(sweepInterval: .milliseconds(20)),
            bus: DeadBus()
        )
        try await instance.withRunning { running in
            try await running.withEnvironment(of: world.source) { #expect($0.phase == .ready) }
        }
        #expect(world.provider.topologies.isEmpty)
    }

    @Test func runsEachJobOnceForEachStage() async throws {
        let runs = try await world.instance().withRunning { running in
            let id = try await running.start(world.source)
            _ = try await running.ready(id)
            try await running.change(id, toRevision: 1)
            _ = try await running.ready(id)
            try await running.change(id, toRevision: 0)
            let row = try await running.ready(id)
            #expect(row.revision == 0)
            #expect(row.generation == 3)
            #expect(row.incarnation == 1)
            return world.provider.topologies.values.flatMap { $0.runs.values }
        }
        #expect(runs == [1, 1, 1])
    }

    @Test func namesTheReasonOfAFailureAndLeavesNothing() async throws {
        let fault = FakeFault(.start, error: AntidoteError(.imageMissing, "there is no such image", subject: "web"))
        let error = await #expect(throws: AntidoteError.self) {
            try await world.instance(FakeScript(faults: [fault])).withRunning { running in
                try await running.withEnvironment(of: world.source) { _ in }
            }
        }
        #expect(error?.code == .imageMissing)
        #expect(error?.subject == "web")
        #expect(world.provider.topologies.isEmpty)
    }

    @Test func destroysAFailedEnvironmentAtOnceAndKeepsItsReason() async throws {
        let script = FakeScript(run: { _ in .ends(JobResult(exitStatus: 3, outputTail: "no route to host")) })
        try await world.instance(script).withRunning { running in
            let id = try await running.start(world.source)
            await #expect(throws: AntidoteError.self) { try await running.ready(id) }
            let store = running.store
            let row = try await world.eventually {
                try await store.environment(id).flatMap { world.provider.topologies.isEmpty ? $0 : nil }
            }
            #expect(row.phase == .failed)
            #expect(row.failure?.code == .jobFailed)
            #expect(row.failure?.logTail == "no route to host")
            #expect(row.failure?.recovery == "Mend the script; its last output may say why.")
            // The owner can start again at once.
            let again = try await running.start(world.source)
            #expect(again != id)
        }
    }

    @Test(arguments: [FakeOperation.create, .start, .probe, .job, .destroy], [FakeFault.Moment.before, .after])
    func getsOverAFaultThatPasses(_ operation: FakeOperation, _ moment: FakeFault.Moment) async throws {
        let fault = FakeFault(
            operation,
            firstCalls: 2,
            moment: moment,
            error: AntidoteError(.backendUnavailable, "not now")
        )
        try await world.instance(FakeScript(faults: [fault])).withRunning { running in
            try await running.withEnvironment(of: world.source) { row in
                #expect(row.phase == .ready)
            }
        }
        #expect(world.provider.topologies.isEmpty)
    }

    @Test func replacesAnEndpointThatDiedAndConfiguresItAgain() async throws {
        try await world.instance().withRunning { running in
            let id = try await running.start(world.source)
            let before = try await running.ready(id)
            let topology = try #require(before.provisioned?.id)
            world.provider.kill("client", in: topology)
            let store = running.store
            let after = try await world.eventually {
                try await store.environment(id).flatMap {
                    $0.attempts.restarts["client"] == 1 && !$0.observed.mustConfigure ? $0 : nil
                }
            }
            #expect(after.phase == .ready)
            #expect(after.incarnation == before.incarnation)
            #expect(after.provisioned?[endpoint: "web"] == before.provisioned?[endpoint: "web"])
            #expect(after.provisioned?[endpoint: "client"] != before.provisioned?[endpoint: "client"])
            #expect(world.provider.topologies[topology]?.runs.count == 2)
        }
    }

    @Test func givesUpAnEndpointThatKeepsDying() async throws {
        let error = try await world.instance().withRunning { running in
            let id = try await running.start(world.source)
            let topology = try #require(try await running.ready(id).provisioned?.id)
            let store = running.store
            for round in 1...4 {
                world.provider.kill("client", in: topology)
                _ = try await world.eventually {
                    try await store.environment(id)
                        .flatMap {
                            $0.phase == .failed || $0.attempts.restarts["client"] == round && $0.lease == nil ? $0 : nil
                        }
                }
            }
            return try await running.failure(of: id)
        }
        #expect(error?.code == .endpointFailed)
        #expect(error?.subject == "client")
        #expect(world.provider.topologies.isEmpty)
    }

    @Test func whatIsBuiltAnewIsNotReadyMeanwhile() async throws {
        let starts = Mutex(0)
        let neverUp = AntidoteError(.endpointNotReady, "scripted")
        let script = FakeScript(machine: { endpoint in
            guard endpoint.name == "client" else { return .ready }
            let count = starts.withLock { starts in
                starts += 1
                return starts
            }
            if count == 1 { return .ready }
            // The repair fails, so that the incarnation is given up, and the next one takes for ever.
            return .neverReady(neverUp, after: count == 2 ? .zero : .seconds(3600))
        })
        let looks = Mutex(0)
        let store = InMemoryStateStore(time: .system, random: .system)
        let observed = store.behindNetwork { if $0 == "environment" { looks.withLock { $0 += 1 } } }
        try await world.instance(script, store: observed).withRunning { running in
            let id = try await running.start(world.source)
            let topology = try #require(try await running.ready(id).provisioned?.id)
            world.provider.kill("client", in: topology)
            let row = try await world.eventually {
                guard starts.withLock({ $0 }) == 3 else { return nil as Environment? }
                return try await store.environment(id).flatMap { $0.incarnation == 2 ? $0 : nil }
            }
            #expect(row.phase == .ready && row.provisioned == nil)
            let before = looks.withLock { $0 }
            let hasEnded = Mutex(false)
            let ready = Task {
                defer { hasEnded.withLock { $0 = true } }
                return try await running.ready(id)
            }
            // It looks, and waits, and looks again.
            try await world.eventually {
                looks.withLock { $0 } >= before + 3 || hasEnded.withLock { $0 } ? () : nil
            }
            ready.cancel()
            await #expect(throws: CancellationError.self) { try await ready.value }
        }
    }

    @Test func saysThatAReadyLabVanished() async throws {
        let error = try await world.instance().withRunning { running in
            let id = try await running.start(world.source)
            let topology = try #require(try await running.ready(id).provisioned?.id)
            world.provider.vanish(topology)
            world.provider.restart()
            return try await running.failure(of: id)
        }
        #expect(error?.code == .environmentLost)
    }

    @Test func healsEveryLabAfterTheProviderRestarted() async throws {
        try await world.instance().withRunning { running in
            let id = try await running.start(world.source)
            let before = try await running.ready(id)
            world.provider.restart()
            let store = running.store
            let after = try await world.eventually {
                try await store.environment(id).flatMap {
                    $0.attempts.restarts.count == 2 && $0.observed.troubled.isEmpty ? $0 : nil
                }
            }
            #expect(after.incarnation == before.incarnation)
        }
    }

    @Test func leavesNothingWhenItIsCancelledInTheMiddle() async throws {
        let fault = FakeFault(.probe, moment: .never, error: AntidoteError(.internalFault, "never shown"))
        let instance = world.instance(FakeScript(faults: [fault]))
        let task = Task {
            try await instance.withRunning { running in
                try await running.withEnvironment(of: world.source) { _ in }
            }
        }
        _ = try await world.eventually { world.provider.topologies.isEmpty ? nil : true }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(world.provider.topologies.isEmpty)
    }

    @Test func whoCancelsIsToldThatSomethingIsLeft() async throws {
        let fault = FakeFault(.destroy, moment: .never, error: AntidoteError(.internalFault, "never shown"))
        let instance = world.instance(FakeScript(faults: [fault]))
        let task = Task {
            try await instance.withRunning(removalDeadline: .milliseconds(50)) { running in
                try await running.failure(of: try await running.start(world.source))
            }
        }
        _ = try await world.eventually { world.provider.topologies.isEmpty ? nil : true }
        task.cancel()
        let error = await #expect(throws: AntidoteError.self) { try await task.value }
        #expect(error?.code == .deadlineExceeded)
    }

    @Test func aFailureTellsThatSomethingIsLeft() async throws {
        struct Other: Error {}
        let never = AntidoteError(.internalFault, "never shown")
        let instance = world.instance(FakeScript(faults: [FakeFault(.destroy, moment: .never, error: never)]))
        for failure in [AntidoteError(.notFound, "no page", recovery: "Write it.") as any Error, Other()] {
            let error = await #expect(throws: (any Error).self) {
                try await instance.withRunning(removalDeadline: .milliseconds(50)) { running in
                    _ = try await running.ready(try await running.start(world.source))
                    throw failure
                }
            }
            guard let error = error as? AntidoteError else {
                #expect(error is Other)
                continue
            }
            #expect(error.code == .notFound)
            #expect(error.recovery?.hasPrefix("Write it. Besides, the environment ") == true)
        }
    }

    @Test func twoInstancesNeverTouchEachOther() async throws {
        let other = FakeWorld(instance: InstanceID(unchecked: "other"), provider: world.provider)
        try await world.instance().withRunning { running in
            try await running.withEnvironment(of: world.source) { _ in
                try await other.instance().withRunning { others in
                    try await others.withEnvironment(of: other.source) { _ in
                        #expect(world.provider.topologies.count == 2)
                    }
                }
                #expect(world.provider.topologies.keys.map(\.instance) == [world.id])
            }
        }
    }
}
