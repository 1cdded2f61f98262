import Synchronization

/// One request and its answer, between two sides: the engine's thread, which never waits here, and the caller's task,
/// which suspends. Every wait ends when the exchange ends.
final class Exchange: Sendable {
    enum Mode: Sendable {
        /// Hold the whole body, up to a limit in bytes.
        case buffered(limit: Int)
        /// Hold what the reader has not taken; from this many bytes on, pause.
        case streamed(capacity: Int)
    }

    enum Ending: Sendable {
        case whole
        case failed(any Error)
    }

    enum Offer {
        case taken
        case pause
        case tooLarge
    }

    enum Upload {
        case bytes(Int)
        case pause
        case end
    }

    /// No waiter of the kit: a cancelled call waits on until the engine has let go of its buffers.
    private typealias Waiter = CheckedContinuation<Void, Never>

    private struct State {
        var head: HTTPResponseHead?
        var body: [UInt8] = []
        var isReceivePaused = false

        var piece: [UInt8] = []
        var pieceSent = 0
        var isUploadDone = false
        var isUploadPaused = false

        var ending: Ending?
        /// Who waits: the reader of head and body, the writer of the upload, the owner for the end.
        var reader: Waiter?
        var writer: Waiter?
        var owner: Waiter?
    }

    let request: HTTPRequest
    let mode: Mode
    let limits: TransferLimits
    private let state = Mutex(State())

    init(request: HTTPRequest, mode: Mode, limits: TransferLimits) {
        self.request = request
        self.mode = mode
        self.limits = limits
    }
}

// MARK: - The engine's side

extension Exchange {
    func deliver(_ head: HTTPResponseHead) {
        wake(\.reader) { $0.head = head }
    }

    /// Copies body bytes out of libcurl's buffer, all or none.
    func offer(_ bytes: UnsafeRawBufferPointer) -> Offer {
        var offer = Offer.taken
        wake(\.reader) { state in
            switch mode {
            case .buffered(let limit) where bytes.count > limit - state.body.count:
                offer = .tooLarge
            case .streamed(let capacity) where state.body.count >= capacity:
                state.isReceivePaused = true
                offer = .pause
            default:
                state.body.append(contentsOf: bytes)
            }
        }
        return offer
    }

    /// Copies upload bytes into libcurl's buffer.
    func takeUpload(into buffer: UnsafeMutableRawBufferPointer) -> Upload {
        var upload = Upload.pause
        wake(\.writer) { state in
            let count = min(buffer.count, state.piece.count - state.pieceSent)
            if count > 0 {
                state.piece.withUnsafeBytes { piece in
                    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece[state.pieceSent...].prefix(count)))
                }
                state.pieceSent += count
                if state.pieceSent == state.piece.count {
                    state.piece = []
                    state.pieceSent = 0
                }
                upload = .bytes(count)
            } else if state.isUploadDone {
                upload = .end
            } else {
                state.isUploadPaused = true
            }
        }
        return upload
    }

    /// The first ending counts.
    func end(_ ending: Ending) {
        let waiters = state.withLock { state -> [Waiter?] in
            guard state.ending == nil else { return [] }
            state.ending = ending
            if case .failed(let error) = ending, error is CancellationError { state.body = [] }
            defer { (state.reader, state.writer, state.owner) = (nil, nil, nil) }
            return [state.reader, state.writer, state.owner]
        }
        for waiter in waiters { waiter?.resume() }
    }

    private func wake(_ seat: WritableKeyPath<State, Waiter?>, _ change: (inout State) -> Void) {
        let waiter = state.withLock { state in
            change(&state)
            defer { state[keyPath: seat] = nil }
            return state[keyPath: seat]
        }
        waiter?.resume()
    }
}

// MARK: - The task's side

extension Exchange {
    /// Waits for the head of the answer.
    func head() async throws -> HTTPResponseHead {
        try await wait(\.reader) { state -> Result<HTTPResponseHead, any Error>? in
            if let head = state.head { return .success(head) }
            return state.ending.map { .failure(self.failure(of: $0)) }
        }.get()
    }

    /// Waits for body bytes; `nil` at the end. Says whether the transfer was paused for want of room.
    func nextChunk() async throws -> (chunk: [UInt8]?, wasPaused: Bool) {
        try await wait(\.reader) { state -> Result<(chunk: [UInt8]?, wasPaused: Bool), any Error>? in
            guard state.reader == nil else { return .failure(self.misuse) }
            if !state.body.isEmpty {
                defer { (state.body, state.isReceivePaused) = ([], false) }
                return .success((state.body, state.isReceivePaused))
            }
            switch state.ending {
            case nil: return nil
            case .whole: return .success((nil, false))
            case .failed(let error): return .failure(error)
            }
        }.get()
    }

    /// Waits for the whole answer.
    func response() async throws -> HTTPResponse {
        try await wait(\.owner) { state -> Result<HTTPResponse, any Error>? in
            guard let ending = state.ending else { return nil }
            guard case .whole = ending, let head = state.head else { return .failure(self.failure(of: ending)) }
            defer { state.body = [] }
            return .success(HTTPResponse(head: head, body: state.body))
        }.get()
    }

    /// Waits until the engine has let go of the transfer.
    func ended() async {
        await wait(\.owner) { $0.ending == nil ? nil : () }
    }

    /// Waits for room for a piece; `nil` when the exchange has ended. Says whether the transfer was paused for want of it.
    func putUpload(_ piece: [UInt8]) async throws -> Bool? {
        try await wait(\.writer) { state -> Result<Bool?, any Error>? in
            guard state.ending == nil else { return .success(nil) }
            guard state.writer == nil else { return .failure(self.misuse) }
            guard state.piece.isEmpty else { return nil }
            state.piece = piece
            defer { state.isUploadPaused = false }
            return .success(state.isUploadPaused)
        }.get()
    }

    /// No pieces any more. Says whether the transfer was paused for want of one.
    func finishUpload() -> Bool {
        state.withLock { state in
            state.isUploadDone = true
            defer { state.isUploadPaused = false }
            return state.isUploadPaused
        }
    }

    var hasEnded: Bool {
        state.withLock { $0.ending != nil }
    }

    /// Looks until `look` finds something; between two looks it waits in `seat` for the engine.
    private func wait<Found: Sendable>(
        _ seat: WritableKeyPath<State, Waiter?>,
        for look: (inout State) -> Found?
    ) async -> Found {
        while true {
            var found: Found?
            await withCheckedContinuation { (waiter: Waiter) in
                let isFound = state.withLock { state in
                    found = look(&state)
                    if found == nil { state[keyPath: seat] = waiter }
                    return found != nil
                }
                if isFound { waiter.resume() }
            }
            if let found { return found }
        }
    }

    private func failure(of ending: Ending) -> any Error {
        if case .failed(let error) = ending { return error }
        return HTTPTransportError(
            .connectionLost,
            "the connection ended before the answer's head",
            request: request.summary
        )
    }

    private var misuse: HTTPTransportError {
        HTTPTransportError(.streamMisuse, "a body is for one task at a time", request: request.summary)
    }
}
