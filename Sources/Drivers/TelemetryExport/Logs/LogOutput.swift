#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

public import Metrics
import Synchronization

/// A file descriptor that lines are written to, each whole and with one call to the system where that takes it whole.
///
/// Many handlers share one, so that their lines never mix. Writing blocks while a reader is slow. A line that cannot be
/// written (a full descriptor that does not block, for longer than ``patience``; nobody reads; no space) is dropped and
/// counted: a log must not end the program.
public final class LogOutput: Sendable {
    /// How long a line waits for room in a descriptor that does not block.
    public static let patience = Duration.seconds(1)

    private let descriptor: Int32
    private let droppedLines: Counter
    // Holds nothing: whoever has it may write.
    private let turn = Mutex(())
    private let dropCount = Atomic(0)

    /// Writes to `descriptor`, which stays the caller's and open as long as this is used.
    /// - Parameter metrics: Where dropped lines are counted.
    public init(descriptor: Int32 = STDERR_FILENO, metrics: any MetricsFactory) {
        self.descriptor = descriptor
        droppedLines = Counter(label: "antidote_log_lines_dropped", factory: metrics)
        #if canImport(Darwin)
        _ = fcntl(descriptor, F_SETNOSIGPIPE, 1)
        #endif
    }

    /// How many lines could not be written.
    public var dropped: Int { dropCount.load(ordering: .acquiring) }

    /// Writes a line, which ends with its newline.
    func write(_ line: [UInt8]) {
        let isWritten = turn.withLock { _ in
            BrokenPipe.withoutSignal { Self.writeAll(line, to: descriptor) }
        }
        guard !isWritten else { return }
        dropCount.add(1, ordering: .acquiringAndReleasing)
        droppedLines.increment()
    }

    private static func writeAll(_ line: [UInt8], to descriptor: Int32) -> Bool {
        line.withUnsafeBytes { all in
            var done = 0
            while done < all.count {
                #if canImport(Darwin)
                let count = Darwin.write(descriptor, all.baseAddress.map { $0 + done }, all.count - done)
                #elseif canImport(Musl)
                let count = Musl.write(descriptor, all.baseAddress.map { $0 + done }, all.count - done)
                #else
                let count = Glibc.write(descriptor, all.baseAddress.map { $0 + done }, all.count - done)
                #endif
                if count > 0 {
                    done += count
                } else if count < 0, errno == EINTR {
                    continue
                } else if count < 0, errno == EAGAIN || errno == EWOULDBLOCK, waitForRoom(descriptor) {
                    continue
                } else {
                    return false
                }
            }
            return true
        }
    }

    private static func waitForRoom(_ descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let ready = poll(&entry, 1, Int32(patience.components.seconds * 1000))
            if ready < 0, errno == EINTR { continue }
            return ready > 0 && entry.revents & Int16(POLLOUT) != 0
        }
    }
}
