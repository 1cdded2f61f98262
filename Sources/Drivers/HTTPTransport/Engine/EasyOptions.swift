internal import CCurlShim

/// Sets options of an easy handle and remembers the first one that libcurl refused.
struct EasyOptions {
    let easy: UnsafeMutableRawPointer
    private(set) var result = CURLE_OK

    init(_ easy: UnsafeMutableRawPointer) {
        self.easy = easy
    }

    mutating func set(_ option: CURLoption, _ value: Int) {
        note(ccurl_set_long(easy, option, value))
    }

    mutating func set(_ option: CURLoption, _ value: Bool) {
        note(ccurl_set_long(easy, option, value ? 1 : 0))
    }

    mutating func set(_ option: CURLoption, size: Int64) {
        note(ccurl_set_off_t(easy, option, curl_off_t(size)))
    }

    mutating func set(_ option: CURLoption, _ value: String?) {
        note(ccurl_set_string(easy, option, value))
    }

    mutating func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer) {
        note(ccurl_set_pointer(easy, option, pointer))
    }

    mutating func set(_ option: CURLoption, blob: [UInt8]) {
        note(blob.withUnsafeBytes { ccurl_set_blob(easy, option, $0.baseAddress, $0.count) })
    }

    mutating func set(_ option: CURLoption, milliseconds duration: Duration) {
        set(option, max(1, duration.milliseconds))
    }

    mutating func note(_ code: CURLcode) {
        if result == CURLE_OK { result = code }
    }
}

extension Duration {
    /// Rounded up, and at most what a C `int` holds.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        guard self > .zero else { return 0 }
        guard seconds < 2_000_000 else { return 2_000_000_000 }
        return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
