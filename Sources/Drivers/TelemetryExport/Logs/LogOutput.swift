import AntidoteCore
public import Metrics
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file descriptor that lines are written to, each whole and with one call to the system where that takes it whole.
///
/// Many handlers share one, so that their lines never mix. Writing blocks while a reader is slow. A line that cannot be
/// written (a full descriptor that does not block, for longer than a while; nobody reads; no space) is dropped and
/// counted: a log must not end the program.
public final class LogOutput: Sendable {
    private let descriptor: Int32
    private let patience: Duration
    private let droppedLines: Counter
    private let dropCount = Atomic(0)
    // Whoever has it may write.
    private let turn = Mutex(State())

    private struct State {
        /// The last line was cut off by what dropped it: the next one must not continue it.
        var isTorn = false
        /// The last line was dropped: no line waits until one gets through.
        var isStuck = false
    }

    /// Writes to `descriptor`, usually standard error, which stays the caller's and open as long as this is used.
    /// - Parameters:
    ///   - patience: How long a line waits for room in a descriptor that does not block.
    ///   - metrics: Where dropped lines are counted.
    public init(
        descriptor: Int32 = 2,
        patience: Duration = .seconds(1),
        metrics: any MetricsFactory
    ) {
        self.descriptor = descriptor
        self.patience = patience
        droppedLines = Counter(label: "antidote_log_lines_dropped", factory: metrics)
        #if canImport(Darwin)
        _ = fcntl(descriptor, F_SETNOSIGPIPE, 1)
        #endif
    }

    /// How many lines could not be written.
    public var dropped: Int { dropCount.load(ordering: .acquiring) }

    /// Writes a line, which ends with its newline.
    func write(_ line: [UInt8]) {
        let isWritten = turn.withLock { state in
            let bytes = state.isTorn ? [UInt8(ascii: "\n")] + line : line
            let patience = state.isStuck ? .zero : patience
            let written = BrokenPipe.withoutSignal { Self.write(bytes, to: descriptor, patience) }
            // Nothing written leaves the end of what was there before.
            if written > 0 { state.isTorn = written < bytes.count }
            state.isStuck = written < bytes.count
            return written == bytes.count
        }
        guard !isWritten else { return }
        dropCount.add(1, ordering: .acquiringAndReleasing)
        droppedLines.increment()
    }

    /// Writes all of `bytes` if possible; says how many.
    private static func write(_ bytes: [UInt8], to descriptor: Int32, _ patience: Duration) -> Int {
        bytes.withUnsafeBytes { all in
            var done = 0
            while done < all.count {
                let rest = UnsafeRawBufferPointer(rebasing: all[done...])
                let count = systemWrite(descriptor, rest.baseAddress, rest.count)
                if count > 0 {
                    done += count
                    continue
                }
                guard count < 0 else { return done }
                switch errno {
                case EINTR: continue
                case EAGAIN where waitForRoom(descriptor, patience): continue
                default: return done
                }
            }
            return done
        }
    }

    private static func waitForRoom(_ descriptor: Int32, _ patience: Duration) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let limit = Int32(clamping: patience.wholeMicroseconds / 1000)
        while true {
            let ready = poll(&entry, 1, limit)
            if ready < 0, errno == EINTR { continue }
            return ready > 0 && entry.revents & Int16(POLLOUT) != 0
        }
    }
}

// The class has a function of the same name.
private func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, start, count)
}
