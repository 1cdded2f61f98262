import ChaosScenario

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

do {
    let options = try ChaosOptions(CommandLine.arguments.dropFirst())
    let report = try await ChaosRun(options).run()
    print(report)
    exit(report.isRight ? 0 : 1)
} catch {
    print("\(error)\n\(ChaosOptions.usage)")
    exit(64)
}
