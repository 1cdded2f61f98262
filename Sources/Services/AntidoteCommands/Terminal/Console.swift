import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Results on standard output, everything else on standard error.
///
/// A reader that went away is no reason to leave a lab behind: what cannot be written is dropped.
final class Console: Sendable {
    /// Whether progress may be redrawn in place.
    let isInteractive: Bool
    private let drawn = Mutex(0)

    init(isInteractive: Bool = isatty(2) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb") {
        self.isInteractive = isInteractive
        // A closed pipe is an error of the write, not the end of the program.
        signal(SIGPIPE, SIG_IGN)
    }

    /// A result. Adds nothing.
    func print(_ text: String) { write(text, to: FileHandle.standardOutput) }

    /// A line for people that stays.
    func say(_ line: String) {
        drawn.withLock { lines in
            write(erasing(lines) + line + "\n", to: FileHandle.standardError)
            lines = 0
        }
    }

    /// Replaces what was drawn last.
    func draw(_ lines: [String]) {
        drawn.withLock { count in
            let width = max(20, terminalWidth)
            let text = lines.map { String($0.prefix(width - 1)) + "\n" }.joined()
            write(erasing(count) + text, to: FileHandle.standardError)
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
