internal import CCurlShim

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An exchange on the wire: the easy handle, and what its callbacks need. Lives on the engine's thread only.
///
/// The callbacks have an unretained pointer to it: the engine's table keeps it while the handle is in use.
final class Transfer {
    let exchange: Exchange
    let easy: UnsafeMutableRawPointer
    private let configuration: HTTPClientConfiguration
    private let errorText: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var head: HeadParser
    /// Why a callback ended the transfer; stands above libcurl's code.
    private var failure: HTTPTransportError?

    /// How often the request was sent: libcurl does it again when a kept connection turns out dead.
    private var attempts = 0
    private var bodySent = 0
    private var isReceivePaused = false
    private var isSendPaused = false
    private var lastByte = ContinuousClock.now

    init(_ exchange: Exchange, configuration: HTTPClientConfiguration) throws(HTTPTransportError) {
        guard let easy = curl_easy_init() else {
            throw HTTPTransportError(.other, "out of memory", request: exchange.request.summary)
        }
        self.exchange = exchange
        self.easy = easy
        self.configuration = configuration
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        head = HeadParser(limit: configuration.maximumHeadBytes)

        let result = configure()
        guard result == CURLE_OK else { throw error(of: result) }
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// When the server's turn began, or `nil` while it is not its turn.
    var waitingForServerSince: ContinuousClock.Instant? {
        attempts > 0 && !isReceivePaused && !isSendPaused ? lastByte : nil
    }

    /// Lets a paused direction go on.
    func resume(receiving: Bool, sending: Bool) {
        if receiving { isReceivePaused = false }
        if sending { isSendPaused = false }
        lastByte = .now
        let mask = (isReceivePaused ? CURLPAUSE_RECV : 0) | (isSendPaused ? CURLPAUSE_SEND : 0)
        // May call the write callback at once, which may pause again. A failure shows in the transfer's own result.
        _ = curl_easy_pause(easy, Int32(mask))
    }

    func ending(of result: CURLcode) -> Exchange.Ending {
        result == CURLE_OK && failure == nil ? .whole : .failed(error(of: result))
    }

    private func error(of result: CURLcode) -> HTTPTransportError {
        if let failure { return failure }
        var systemError = Int32(truncatingIfNeeded: ccurl_get_long(easy, CURLINFO_OS_ERRNO))
        if result == CURLE_COULDNT_CONNECT, systemError == 0, let path = configuration.socketPath,
            access(path, W_OK) != 0
        {
            systemError = errno
        }
        return FailureMapping(
            code: result.rawValue,
            systemError: systemError,
            detail: String(cString: errorText),
            socketPath: configuration.socketPath,
            wasSent: attempts > 0,
            request: exchange.request.summary
        ).error
    }

    private func fail(_ code: HTTPTransportError.Code, _ message: String) {
        failure = failure ?? HTTPTransportError(code, message, request: exchange.request.summary)
    }
}

// MARK: - Options

extension Transfer {
    private func configure() -> CURLcode {
        var options = EasyOptions(easy)
        let request = exchange.request
        let context = Unmanaged.passUnretained(self).toOpaque()
        options.set(CURLOPT_PRIVATE, pointer: context)
        options.set(CURLOPT_ERRORBUFFER, pointer: UnsafeMutableRawPointer(errorText))
        options.set(CURLOPT_NOSIGNAL, true)
        options.set(CURLOPT_PROXY, "")
        options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        options.set(CURLOPT_PATH_AS_IS, true)
        options.set(CURLOPT_URL, configuration.origin + request.path)
        options.set(CURLOPT_USERAGENT, configuration.userAgent)
        options.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds: configuration.connectTimeout)
        options.set(CURLOPT_TCP_KEEPALIVE, true)
        ccurl_set_quick_exit(easy)
        switch configuration.base {
        case .unixSocket(let path): options.set(CURLOPT_UNIX_SOCKET_PATH, path)
        case .tcp: break
        case .tls(_, _, let settings): Self.set(settings, &options)
        }
        setMethodAndBody(&options)
        setHeaders(&options)
        setCallbacks(&options, context)
        return options.result
    }

    private static func set(_ settings: TLSSettings, _ options: inout EasyOptions) {
        let newest = settings.hasVerdictInHandshake ? Int(CURL_SSLVERSION_MAX_TLSv1_2) : 0
        options.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2) | newest)
        options.set(CURLOPT_SSL_VERIFYPEER, settings.verifiesServer)
        options.set(CURLOPT_SSL_VERIFYHOST, settings.verifiesServer ? 2 : 0)
        if let authorities = settings.authorities {
            options.set(CURLOPT_CAINFO_BLOB, blob: authorities)
            // Otherwise the system's directory of authorities is trusted as well.
            options.set(CURLOPT_CAPATH, nil)
        }
        if let certificate = settings.clientCertificate {
            options.set(CURLOPT_SSLCERTTYPE, "PEM")
            options.set(CURLOPT_SSLCERT_BLOB, blob: certificate)
        }
        if let key = settings.clientKey {
            options.set(CURLOPT_SSLKEYTYPE, "PEM")
            options.set(CURLOPT_SSLKEY_BLOB, blob: key)
        }
    }

    private func setMethodAndBody(_ options: inout EasyOptions) {
        let request = exchange.request
        let length: Int64?
        switch request.body {
        case .none: length = request.method.announcesEmptyBody ? 0 : nil
        case .bytes(let bytes): length = Int64(bytes.count)
        case .stream(let announced, _):
            length = announced ?? -1
            // A stream cannot be sent again, so it may not meet a kept connection that turns out dead.
            options.set(CURLOPT_FRESH_CONNECT, true)
        }
        if request.method == .head {
            options.set(CURLOPT_NOBODY, true)
        } else if let length {
            options.set(CURLOPT_UPLOAD, true)
            options.set(CURLOPT_INFILESIZE_LARGE, size: length)
        }
        options.set(CURLOPT_CUSTOMREQUEST, request.method == .head ? nil : request.method.rawValue)
    }

    private func setHeaders(_ options: inout EasyOptions) {
        var headers = configuration.defaultHeaders
        for field in exchange.request.headers.fields { headers[field.name] = nil }
        let lines = (headers.fields + exchange.request.headers.fields).map { field in
            // libcurl's way to say an empty value.
            field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)"
        }
        for line in lines + ["Expect:"] {
            guard let list = curl_slist_append(headerList, line) else { return options.note(CURLE_OUT_OF_MEMORY) }
            headerList = list
        }
        options.note(ccurl_set_slist(easy, CURLOPT_HTTPHEADER, headerList))
    }

    private func setCallbacks(_ options: inout EasyOptions, _ context: UnsafeMutableRawPointer) {
        let header: ccurl_data_callback = { data, size, count, context in
            Transfer.from(context)?.receiveHeader(UnsafeRawBufferPointer(start: data, count: size * count)) ?? 0
        }
        let write: ccurl_data_callback = { data, size, count, context in
            Transfer.from(context)?.receiveBody(UnsafeRawBufferPointer(start: data, count: size * count)) ?? 0
        }
        let read: ccurl_data_callback = { data, size, count, context in
            Transfer.from(context)?.sendBody(UnsafeMutableRawBufferPointer(start: data, count: size * count))
                ?? Int(CURL_READFUNC_ABORT)
        }
        let seek: ccurl_seek_callback = { context, offset, _ in
            Transfer.from(context)?.seek(to: offset) ?? CURL_SEEKFUNC_FAIL
        }
        let begin: ccurl_prereq_callback = { context, _, _, _, _ in
            Transfer.from(context)?.begin() ?? CURL_PREREQFUNC_ABORT
        }
        options.note(ccurl_set_header_callback(easy, header, context))
        options.note(ccurl_set_write_callback(easy, write, context))
        options.note(ccurl_set_read_callback(easy, read, context))
        options.note(ccurl_set_seek_callback(easy, seek, context))
        options.note(ccurl_set_prereq_callback(easy, begin, context))
    }

    static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}

// MARK: - Callbacks

extension Transfer {
    /// The connection is there and the request goes out.
    private func begin() -> Int32 {
        lastByte = .now
        attempts += 1
        guard attempts == 1 || exchange.request.method.isIdempotent else {
            fail(.connectionLost, "the server closed a kept connection as the request went out; it is not sent twice")
            return CURL_PREREQFUNC_ABORT
        }
        return CURL_PREREQFUNC_OK
    }

    private func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
        lastByte = .now
        switch head.feed(line) {
        case .more:
            return line.count
        case .head(let head):
            exchange.deliver(head)
            return line.count
        case .tooLarge:
            fail(.responseTooLarge, "the answer's head is larger than \(configuration.maximumHeadBytes) bytes")
            return 0
        case .malformed:
            fail(.protocolViolation, "the answer does not begin like HTTP/1.1")
            return 0
        }
    }

    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        lastByte = .now
        switch exchange.offer(bytes) {
        case .taken:
            return bytes.count
        case .pause:
            isReceivePaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        case .tooLarge:
            fail(.responseTooLarge, "the answer's body is larger than the limit; read it as a stream")
            return 0
        }
    }

    private func sendBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        lastByte = .now
        switch exchange.request.body {
        case .none:
            return 0
        case .bytes(let bytes):
            let count = min(buffer.count, bytes.count - bodySent)
            bytes.withUnsafeBytes { all in
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[bodySent...].prefix(count)))
            }
            bodySent += count
            return count
        case .stream:
            switch exchange.takeUpload(into: buffer) {
            case .bytes(let count):
                return count
            case .end:
                return 0
            case .pause:
                isSendPaused = true
                return Int(CURL_READFUNC_PAUSE)
            }
        }
    }

    private func seek(to offset: curl_off_t) -> Int32 {
        guard case .bytes(let bytes) = exchange.request.body, (0...bytes.count).contains(Int(offset)) else {
            return CURL_SEEKFUNC_CANTSEEK
        }
        bodySent = Int(offset)
        return CURL_SEEKFUNC_OK
    }
}
