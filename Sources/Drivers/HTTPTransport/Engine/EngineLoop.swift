internal import CCurlShim
import DequeModule

/// What the engine's thread does. Lives on that thread only.
final class EngineLoop {
    private let multi: UnsafeMutableRawPointer
    private let configuration: HTTPClientConfiguration
    private var live: [ObjectIdentifier: Transfer] = [:]
    /// For a free connection, first come, first served.
    private var waiting: Deque<Exchange> = []
    /// When the next exchange may be over because of time; nobody is before.
    private var nextSweep: ContinuousClock.Instant?

    init(multi: UnsafeMutableRawPointer, configuration: HTTPClientConfiguration) {
        self.multi = multi
        self.configuration = configuration
    }

    func handle(_ command: Engine.Command) {
        switch command {
        case .start(let exchange):
            waiting.append(exchange)
            sweepNotLater(than: exchange.limits.verdict(now: .now, lastActivity: nil))
        case .cancel(let exchange, let error):
            cancel(exchange, error)
        case .resumeReceiving(let exchange):
            live[ObjectIdentifier(exchange)]?.resume(receiving: true, sending: false)
        case .resumeSending(let exchange):
            live[ObjectIdentifier(exchange)]?.resume(receiving: false, sending: true)
        }
    }

    /// Moves every transfer as far as it goes, then waits for sockets, times or commands.
    /// Says `false` when libcurl cannot go on.
    func turn() -> Bool {
        startWaiting()
        var running: Int32 = 0
        guard curl_multi_perform(multi, &running) == CURLM_OK else { return false }
        collectFinished()
        sweepIfDue()
        // A connection may just have become free.
        if !waiting.isEmpty, live.count < configuration.maximumConnections { return true }
        return curl_multi_poll(multi, nil, 0, Self.pause(until: nextSweep, now: .now), nil) == CURLM_OK
    }

    /// In milliseconds. Never negative, which libcurl would refuse: the moment may have passed since it was looked at.
    static func pause(until moment: ContinuousClock.Instant?, now: ContinuousClock.Instant) -> Int32 {
        Int32(max(0, min(moment.map { now.duration(to: $0).milliseconds } ?? 3_600_000, 3_600_000)))
    }

    func endAll() {
        for exchange in live.values.map(\.exchange) + waiting {
            cancel(
                exchange,
                HTTPTransportError(.shutdown, "the client was shut down", request: exchange.request.summary)
            )
        }
    }

    private func startWaiting() {
        while live.count < configuration.maximumConnections, let exchange = waiting.popFirst() {
            do throws(HTTPTransportError) {
                let transfer = try Transfer(exchange, configuration: configuration)
                guard curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
                    throw HTTPTransportError(.other, "libcurl refused the request", request: exchange.request.summary)
                }
                live[ObjectIdentifier(exchange)] = transfer
            } catch {
                exchange.end(.failed(error))
            }
        }
    }

    private func collectFinished() {
        var result = CURLE_OK
        var context: UnsafeMutableRawPointer?
        while ccurl_multi_next_done(multi, &result, &context) != nil {
            guard let transfer = Transfer.from(context) else { continue }
            let ending = transfer.ending(of: result)
            release(transfer)
            transfer.exchange.end(ending)
        }
    }

    private func cancel(_ exchange: Exchange, _ error: any Error) {
        if let transfer = live[ObjectIdentifier(exchange)] {
            release(transfer)
            exchange.end(.failed(error))
        } else if let index = waiting.firstIndex(where: { $0 === exchange }) {
            waiting.remove(at: index)
            exchange.end(.failed(error))
        }
    }

    /// Takes the transfer off the wire; the connection of an unfinished one is closed by that.
    private func release(_ transfer: Transfer) {
        curl_multi_remove_handle(multi, transfer.easy)
        live[ObjectIdentifier(transfer.exchange)] = nil
    }
}

// MARK: - Time

extension EngineLoop {
    private func sweepNotLater(than verdict: TransferLimits.Verdict) {
        guard case .goOn(let until?) = verdict else {
            if case .goOn = verdict { return }
            nextSweep = .now
            return
        }
        nextSweep = nextSweep.map { min($0, until) } ?? until
    }

    private func sweepIfDue() {
        let now = ContinuousClock.now
        guard let due = nextSweep, due <= now else { return }
        nextSweep = nil
        let candidates = live.values.map { ($0.exchange, $0.waitingForServerSince) } + waiting.map { ($0, nil) }
        for (exchange, lastActivity) in candidates {
            let verdict = exchange.limits.verdict(now: now, lastActivity: lastActivity)
            let summary = exchange.request.summary
            switch verdict {
            case .goOn:
                sweepNotLater(than: verdict)
            case .timedOut:
                cancel(exchange, HTTPTransportError(.timedOut, "the request's deadline passed", request: summary))
            case .stalled:
                cancel(
                    exchange,
                    HTTPTransportError(.stalled, "no byte for the whole idle timeout", request: summary)
                )
            }
        }
    }
}
