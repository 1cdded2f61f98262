import ArgumentParser
import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Prints results on standard output, everything else on standard error.
///
/// Output that cannot be written is dropped, so that a closed pipe never leaves a lab behind.
final class Console: Sendable {
    /// Whether progress may be redrawn in place.
    let isInteractive: Bool
    private let results: FileHandle
    private let messages: FileHandle
    /// How many lines ``draw(_:)`` drew last.
    private let drawn = Mutex(0)

    init(
        isInteractive: Bool = isatty(2) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb",
        results: FileHandle = .standardOutput,
        messages: FileHandle = .standardError
    ) {
        self.isInteractive = isInteractive
        self.results = results
        self.messages = messages
        // Turns a closed pipe into an error of the write instead of the end of the program.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Prints a result as it is.
    func print(_ text: String) { write(text, to: results) }

    /// Prints a line for people that stays.
    func say(_ line: String) {
        drawn.withLock { lines in
            write(erasing(lines) + line + "\n", to: messages)
            lines = 0
        }
    }

    /// Replaces the lines that were drawn last.
    func draw(_ lines: [String]) {
        drawn.withLock { count in
            let width = max(20, terminalWidth)
            let text = lines.map { String($0.prefix(width - 1)) + "\n" }.joined()
            write(erasing(count) + text, to: messages)
            count = lines.count
        }
    }

    private func erasing(_ lines: Int) -> String { lines == 0 ? "" : "\u{1B}[\(lines)A\u{1B}[J" }

    private var terminalWidth: Int {
        var size = winsize()
        return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    private func write(_ text: String, to handle: FileHandle) { try? handle.write(contentsOf: Data(text.utf8)) }
}

/// The format of what a command prints: text for people, JSON for programs.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// JSON for programs, with sorted keys. Ends in a line break.
enum JSONOutput {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
