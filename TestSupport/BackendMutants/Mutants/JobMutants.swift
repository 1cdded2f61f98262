import AntidoteCore
import AntidoteTesting

extension BackendMutant {
    /// Wrong about jobs and images: a backend with a model of its machines can show these.
    public static let jobs: [BackendMutant] = [
        BackendMutant("takes every job for a success", ["jobs/result", "jobs/no-command"]) {
            $0.run = { base, job, id, authority, progress in
                do {
                    var result = try await base.run(job, in: id, under: authority, progress: progress)
                    result.exitStatus = 0
                    return result
                } catch let error as AntidoteError where error.code != .authorityLost {
                    return JobResult(exitStatus: 0, outputTail: "")
                }
            }
        },
        BackendMutant(
            "runs a job each time that it is asked",
            [
                "again/crash-in-job", "adopt/job-of-another", "jobs/once", "jobs/failed-once", "jobs/joined",
                "jobs/deadline-once",
            ]
        ) { $0.job = { $0.with { $0.id = JobID(unchecked: "again-" + RandomSource.system.base32(length: 10)) } } },
        BackendMutant("takes all jobs for one", ["jobs/several"]) {
            $0.job = { $0.with { $0.id = JobID(unchecked: "the-job") } }
        },
        BackendMutant("repeats no job", ["jobs/repeating"]) {
            $0.run = { base, job, id, authority, progress in
                let once = job.with { $0.repetition = nil }
                let result = try await base.run(once, in: id, under: authority, progress: progress)
                progress.report(.jobExited(job.id, result))
                progress.report(.jobExited(job.id, result))
                progress.report(.jobExited(job.id, result))
                return result
            }
        },
        BackendMutant("drops the jobs' environment", ["jobs/environment"]) {
            $0.job = { $0.with { $0.environment = [:] } }
        },
        BackendMutant("runs jobs for labs that do not exist", ["jobs/no-lab"]) {
            $0.run = { base, job, id, authority, progress in
                do {
                    return try await base.run(job, in: id, under: authority, progress: progress)
                } catch let error as AntidoteError where error.code == .notFound {
                    return JobResult(exitStatus: 0, outputTail: "")
                }
            }
        },
        BackendMutant(
            "uses some image where one is missing",
            ["images/never", "images/no-registry", "images/illegal", "images/of-job"],
            with: { subject in
                let tools = subject.tools
                return Mutation {
                    $0.endpoint = { $0.with { $0.image = tools } }
                    $0.job = { $0.with { $0.image = tools } }
                }
            }
        ),
    ]

    /// Wrong about what only real machines show.
    public static let realMachines: [BackendMutant] = [
        BackendMutant("has all files in /antidote", ["files/directory"]) {
            $0.topology = { topology in
                var topology = topology
                topology.labDirectory = "/antidote"
                return topology
            }
        },
        BackendMutant("keeps the image's arguments", ["create/command"]) {
            $0.endpoint = { endpoint in
                endpoint.command == ["/bin/sh"] ? endpoint.with { $0.arguments = nil } : endpoint
            }
        },
        BackendMutant("does not know what is secret", ["create/secret-in-log", "jobs/secret"]) {
            $0.endpoint = { $0.with { $0.environment = revealed($0.environment) } }
            $0.job = { $0.with { $0.environment = revealed($0.environment) } }
        },
        BackendMutant("lets a job go on that was cancelled", ["cancel/job"]) {
            $0.run = { base, job, id, authority, progress in
                let work = Task { try await base.run(job, in: id, under: authority, progress: progress) }
                let (ends, end) = AsyncThrowingStream.makeStream(of: JobResult.self)
                let relay = Task {
                    do { end.yield(try await work.value) } catch { end.finish(throwing: error) }
                }
                defer { relay.cancel() }
                for try await result in ends { return result }
                throw CancellationError()
            }
        },
        BackendMutant(
            "leaves labs open",
            [
                "isolation/host-from-machines", "isolation/host-from-jobs", "isolation/host-through-connection",
                "isolation/internet", "isolation/metadata",
            ]
        ) {
            $0.topology = { topology in
                var topology = topology
                topology.egress = .open
                return topology
            }
        },
        BackendMutant("leaves labs closed that shall be open", ["isolation/open-egress"]) {
            $0.topology = { topology in
                var topology = topology
                topology.egress = .closed
                return topology
            }
        },
        BackendMutant(
            "drops limits",
            ["limits/memory", "limits/cpu", "limits/pids", "limits/of-jobs", "jobs/memory"]
        ) {
            $0.endpoint = { $0.with { $0.limits = ResourceLimits() } }
            $0.job = { $0.with { $0.limits = ResourceLimits() } }
        },
        BackendMutant("has no limits of its own", ["limits/defaults", "limits/job-defaults"]) {
            let endless = ResourceLimits(memoryBytes: 1 << 52, pids: 1 << 22)
            $0.endpoint = { $0.with { $0.limits = endless } }
            $0.job = { $0.with { $0.limits = endless } }
        },
        BackendMutant(
            "makes every machine privileged",
            ["limits/untrusted", "limits/legacy"],
            with: { subject in
                Mutation {
                    $0.endpoint = { $0.with { $0.flavor = .trusted } }
                    $0.converge = { _, topology, authority, progress in
                        var installation = ConformanceInstallation(
                            instance: topology.id.instance,
                            store: topology.id.store
                        )
                        installation.allowPrivileged = true
                        return try await subject.backend(for: installation)
                            .converge(topology, under: authority, progress: progress)
                    }
                }
            }
        ),
        BackendMutant("makes no machine privileged", ["limits/trusted-allowed"]) {
            $0.endpoint = { $0.with { $0.flavor = .untrusted } }
        },
        // A job has no flavor to be wrong about: its answer stands for one that has every capability.
        BackendMutant("makes every job privileged", ["limits/jobs-untrusted"]) {
            $0.result = { JobResult(exitStatus: $0.exitStatus, outputTail: "000001ffffffffff\n") }
        },
        BackendMutant("keeps all output", ["jobs/flood"]) {
            $0.result = { result in
                var result = result
                result.outputTail = String(repeating: "x", count: JobResult.outputLimit) + result.outputTail
                return result
            }
        },
        BackendMutant("lets control sequences through", ["jobs/hostile-output"]) {
            $0.result = { result in
                var result = result
                result.outputTail = "\u{1B}[31m" + result.outputTail
                return result
            }
        },
        BackendMutant(
            "publishes ports where nobody looks",
            ["ports/owner-tcp", "ports/owner-udp", "ports/owner-again"]
        ) {
            $0.built = { built in
                var built = built
                for endpoint in built.endpoints.indices {
                    for port in built.endpoints[endpoint].ports.indices {
                        // The one before may be that of another lab.
                        built.endpoints[endpoint].ports[port].forOwner?.port = 1
                    }
                }
                return built
            }
        },
        BackendMutant(
            "ignores credentials",
            ["images/credentials", "images/digest"],
            configured: { $0.credentials = .none }
        ),
        BackendMutant(
            "uses the credentials that it likes",
            ["images/wrong-credentials", "images/no-credentials"],
            configured: { $0.credentials = .right }
        ),
        BackendMutant("leaves out what it cannot do", ["refusals/capabilities"]) {
            $0.converge = { base, topology, authority, progress in
                do {
                    return try await base.converge(topology, under: authority, progress: progress)
                } catch let error as AntidoteError where error.code == .unsupported {
                    return ProvisionedTopology(id: topology.id, endpoints: [])
                }
            }
        },
        BackendMutant("does not say before what it cannot do", ["refusals/said-before"]) { $0.problems = { _ in [] } },
    ]

    private static func revealed(_ environment: [String: EnvironmentValue]) -> [String: EnvironmentValue] {
        environment.mapValues { if case .secret(let secret) = $0 { .plain(secret.reveal()) } else { $0 } }
    }
}
