import Foundation
import HostPrograms
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A wire between one program and one server that can be cut, held still, or made slow. One thread moves its bytes.
final class Proxy: Sendable {
    enum Weather: Sendable, Equatable {
        case clear
        /// Connections stay, and nothing comes through.
        case silent
        /// Each byte comes so much later, in milliseconds.
        case slow(Int)
    }

    let port: Int
    private let target: Int
    private let orders = Mutex(Orders())

    private struct Orders {
        var weather = Weather.clear
        var cuts = 0
        var isOver = false
    }

    /// Begins to listen.
    init(to target: Int) throws {
        self.target = target
        let (descriptor, port) = try Loopback.listen()
        self.port = port
        Thread.detachNewThread { [weak self] in
            var lines = ProxyLines(listener: descriptor, target: target)
            var cuts = 0
            while let orders = self?.orders.withLock({ $0 }), !orders.isOver {
                if orders.cuts != cuts { lines.cutAll() }
                cuts = orders.cuts
                lines.step(orders.weather)
            }
            lines.cutAll()
            close(descriptor)
        }
    }

    deinit { stop() }

    /// Every connection breaks; new ones are taken.
    func cut() { orders.withLock { $0.cuts += 1 } }

    func become(_ weather: Weather) { orders.withLock { $0.weather = weather } }

    func stop() { orders.withLock { $0.isOver = true } }
}

/// The connections through a proxy, for its thread alone.
private struct ProxyLines {
    let listener: Int32
    let target: Int
    private var lines: [Line] = []

    private struct Line {
        var from: Int32
        var to: Int32
        /// Read from `from`, and not written to `to`.
        var waiting: [(due: UInt64, bytes: [UInt8])] = []
        var isOver = false
    }

    init(listener: Int32, target: Int) {
        self.listener = listener
        self.target = target
        _ = fcntl(listener, F_SETFL, O_NONBLOCK)
    }

    mutating func cutAll() {
        for line in lines { close(line.from) }
        lines = []
    }

    /// Waits a little for something to do, and does it.
    mutating func step(_ weather: Proxy.Weather) {
        // In silence nothing is listened to: new connections are taken when it ends.
        var polls = [pollfd(fd: weather == .silent ? -1 : listener, events: Int16(POLLIN), revents: 0)]
        for line in lines {
            let isHeard = weather != .silent && line.waiting.count < 64 && !line.isOver
            polls.append(pollfd(fd: isHeard ? line.from : -1, events: Int16(POLLIN), revents: 0))
        }
        // While bytes are held back, time is what it waits for.
        let isHolding = lines.contains { !$0.waiting.isEmpty } || weather != .clear
        _ = poll(&polls, nfds_t(polls.count), isHolding ? 5 : 50)
        if weather == .silent { return }
        let now = DispatchTime.now().uptimeNanoseconds
        var delay: UInt64 = 0
        if case .slow(let milliseconds) = weather { delay = UInt64(milliseconds) * 1_000_000 }
        for number in lines.indices where polls[number + 1].revents != 0 { receive(number, due: now + delay) }
        for number in lines.indices { send(number, now: now) }
        removeFinished()
        if polls[0].revents != 0 { accept() }
    }

    private mutating func receive(_ number: Int, due: UInt64) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(lines[number].from, &buffer, buffer.count, 0)
        if count > 0 {
            lines[number].waiting.append((due, Array(buffer[..<count])))
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            lines[number].isOver = true
        }
    }

    private mutating func send(_ number: Int, now: UInt64) {
        while let first = lines[number].waiting.first, first.due <= now {
            #if canImport(Darwin)
            let flags: Int32 = 0
            #else
            let flags = Int32(MSG_NOSIGNAL)
            #endif
            let count = systemSend(lines[number].to, first.bytes, flags)
            if count == first.bytes.count {
                lines[number].waiting.removeFirst()
            } else if count > 0 {
                lines[number].waiting[0].bytes.removeFirst(count)
            } else {
                if errno != EAGAIN, errno != EINTR {
                    lines[number].waiting = []
                    lines[number].isOver = true
                }
                return
            }
        }
    }

    private func systemSend(_ descriptor: Int32, _ bytes: [UInt8], _ flags: Int32) -> Int {
        #if canImport(Darwin)
        Darwin.send(descriptor, bytes, bytes.count, flags)
        #elseif canImport(Musl)
        Musl.send(descriptor, bytes, bytes.count, flags)
        #else
        Glibc.send(descriptor, bytes, bytes.count, flags)
        #endif
    }

    /// A connection ends when one of its sides has, and what that one said was passed on.
    private mutating func removeFinished() {
        let over = lines.filter { $0.isOver && $0.waiting.isEmpty }
        guard !over.isEmpty else { return }
        let gone = Set(over.flatMap { [$0.from, $0.to] })
        lines.removeAll { gone.contains($0.from) }
        for descriptor in gone { close(descriptor) }
    }

    private mutating func accept() {
        #if canImport(Darwin)
        let near = Darwin.accept(listener, nil, nil)
        #elseif canImport(Musl)
        let near = Musl.accept(listener, nil, nil)
        #else
        let near = Glibc.accept(listener, nil, nil)
        #endif
        guard near >= 0 else { return }
        let far = socket(AF_INET, Loopback.streamType, 0)
        guard far >= 0, Loopback.withAddress(target, { connect(far, $0, $1) }) == 0 else {
            close(near)
            if far >= 0 { close(far) }
            return
        }
        for descriptor in [near, far] {
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            var on: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        lines.append(Line(from: near, to: far))
        lines.append(Line(from: far, to: near))
    }
}
