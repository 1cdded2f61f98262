import AntidoteCore
import ArgumentParser
import Foundation
import UnixSignals

/// What a program tells its caller, after sysexits.h where that has a name for it.
enum ExitStatus {
    static func of(_ error: AntidoteError) -> ExitCode {
        switch error.code {
        case .configurationInvalid: ExitCode(78)
        case .backendRefused, .busDenied, .registryDenied: ExitCode(77)
        case .backendUnavailable, .busUnavailable, .storeUnavailable: ExitCode(69)
        case .internalFault: ExitCode(70)
        default: ExitCode(1)
        }
    }

    /// As shells tell of a program that a signal ended.
    static func of(_ signal: UnixSignal) -> ExitCode { ExitCode(128 + signal.rawValue) }
}

/// JSON for programs: keys in order; ends in a line break.
enum JSONOutput {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}

/// Who reads what a command prints.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}
