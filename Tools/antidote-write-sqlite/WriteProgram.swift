@_spi(StoreKit) import AntidoteCore
import SQLiteState

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Asks a file for environments, one after another, until it is killed: `antidote-write-sqlite FILE OWNER`. Each answer
/// is printed as soon as it is there: “id events”.
@main
enum WriteProgram {
    static func main() async throws {
        #if SQLite
        guard CommandLine.arguments.count == 3 else { exit(2) }
        let instance = InstanceID(unchecked: "suite")
        let store = try await SQLiteStateStore.open(CommandLine.arguments[1], instance: instance)
        let worker = WorkerID(unchecked: CommandLine.arguments[2])
        let backend = BackendID(unchecked: CommandLine.arguments[2])
        var number = 0
        while true {
            number += 1
            let request = AdmissionRequest(
                owner: OwnerID(unchecked: "\(worker)-\(number)"),
                source: EnvironmentSource(kind: "test", name: "x"),
                backend: backend
            )
            tell(try await store.admit(request).environment)
            let claims = try await store.claim(
                ClaimRequest(
                    worker: worker,
                    role: .scheduler,
                    backends: [backend],
                    limit: 10,
                    leaseDuration: .seconds(60)
                )
            ) { row, _ in
                [.begin(incarnation: 1), .configured(generation: row.generation)]
            }
            for claim in claims { tell(claim.environment) }
        }
        #endif
    }

    private static func tell(_ row: Environment) {
        let line = Array("\(row.id) \(row.eventCount)\n".utf8)
        _ = write(STDOUT_FILENO, line, line.count)
    }
}
