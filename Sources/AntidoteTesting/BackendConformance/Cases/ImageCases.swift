import AntidoteCore

extension ConformanceCase {
    static let imageCases: [ConformanceCase] = [
        ConformanceCase(.images, "never", "an image that is missing and must not be pulled is an error for good") {
            world in
            let topology = try missing("antidote.invalid/none:1", .never, world)
            let error = try await requireError(.imageMissing, from: "a missing image") {
                try await world.build(topology)
            }
            try require(error.disposition, is: .permanent, "the disposition")
            try require(
                error.subject?.contains("antidote.invalid/none") == true,
                "the place is \(error.subject ?? "missing")"
            )
        },
        ConformanceCase(.images, "no-registry", "an image whose registry does not exist is an error that names it") {
            world in
            let topology = try missing("antidote.invalid/none:1", .ifMissing, world)
            let error = try await requireError(.imagePullFailed, .imageMissing, from: "a pull from nowhere") {
                try await world.build(topology)
            }
            try require(
                error.subject?.contains("antidote.invalid/none") == true,
                "the place is \(error.subject ?? "missing")"
            )
        },
        ConformanceCase(.images, "illegal", "an image reference that cannot be one is refused for good") { world in
            let topology = try missing("Not An Image/../:::", .ifMissing, world)
            let error = try await requireError(
                .invalidTopology,
                .imageMissing,
                .imagePullFailed,
                from: "an illegal image"
            ) {
                try await world.build(topology)
            }
            try require(error.disposition, is: .permanent, "the disposition")
        },
        ConformanceCase(.images, "of-job", "a job's missing image is an error, and the lab lives on") { world in
            let lab = try await world.lab(world.machine("box"))
            var job = try world.job(.say("hello"))
            job.image = ImageReference("antidote.invalid/none:1", pullPolicy: .never)
            try await requireError(.imageMissing, from: "a job's missing image") {
                try await world.run(job, in: lab.id)
            }
            try require(await world.ask(.name, in: lab.id, at: "box"), is: "box", "the machine that answers")
        },
        ConformanceCase(
            .images,
            "credentials",
            "with credentials an image is pulled, and its bytes are told",
            needs: [.registry]
        ) {
            world in
            guard let registry = world.subject.registry else { return }
            try await registry.forget()
            let record = ProgressRecord()
            var machine = try world.machine("box")
            machine.image = ImageReference(registry.image, pullPolicy: .always)
            let topology = Topology(id: world.newID(), endpoints: [machine])
            _ = try await world.backend.converge(topology, under: .unlimited, progress: record.reporter)
            try require(await world.ask(.name, in: topology.id, at: "box"), is: "box", "the machine that answers")
            let bytes = record.of("box").map { if case .pulling(let done, _) = $0 { Int(done) } else { 0 } }.max() ?? 0
            try require(bytes > 0, "no bytes of the pull were told: \(record.of("box"))")
        },
        ConformanceCase(
            .images,
            "wrong-credentials",
            "with wrong credentials the registry's refusal is named",
            needs: [.registry]
        ) {
            world in
            try await denied(.wrong, in: world)
        },
        ConformanceCase(
            .images,
            "no-credentials",
            "without credentials the registry's refusal is named",
            needs: [.registry]
        ) {
            world in
            try await denied(.none, in: world)
        },
        ConformanceCase(.images, "digest", "an image may be named by its digest", needs: [.registry]) { world in
            guard let registry = world.subject.registry else { return }
            var machine = try world.machine("box")
            machine.image = ImageReference(registry.byDigest, pullPolicy: .ifMissing)
            let lab = try await world.lab(machine)
            try require(await world.ask(.name, in: lab.id, at: "box"), is: "box", "the machine that answers")
        },
    ]

    private static func missing(
        _ image: String,
        _ policy: ImageReference.PullPolicy,
        _ world: ConformanceWorld
    ) throws -> Topology {
        var machine = try world.machine("box")
        machine.image = ImageReference(image, pullPolicy: policy)
        return Topology(id: world.newID(), endpoints: [machine])
    }

    private static func denied(
        _ credentials: ConformanceInstallation.Credentials,
        in world: ConformanceWorld
    ) async throws {
        guard let registry = world.subject.registry else { return }
        let backend = try await world.backend { $0.credentials = credentials }
        let topology = try missing(registry.image, .always, world)
        let error = try await requireError(.registryDenied, from: "a pull without right") {
            try await world.build(topology, with: backend)
        }
        try require(error.disposition, is: .permanent, "the disposition")
    }
}
