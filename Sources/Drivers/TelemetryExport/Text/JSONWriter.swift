/// JSON, written by hand piece by piece: a general encoder takes ten times as long, and lines and spans are many.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    private static let digits = Array("0123456789abcdef".utf8)

    init(reserving capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    mutating func object(_ fill: (inout JSONWriter) -> Void) {
        wrap(UInt8(ascii: "{"), UInt8(ascii: "}"), fill)
    }

    mutating func array(_ fill: (inout JSONWriter) -> Void) {
        wrap(UInt8(ascii: "["), UInt8(ascii: "]"), fill)
    }

    mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func string(_ text: String) {
        separate()
        quote(text)
    }

    mutating func integer(_ number: some BinaryInteger) {
        raw(String(number))
    }

    mutating func bool(_ value: Bool) {
        raw(value ? "true" : "false")
    }

    /// A number; what JSON has no number for as the string that Protocol Buffers' mapping gives it.
    mutating func double(_ number: Double) {
        if number.isFinite { return raw("\(number)") }
        string(number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity")
    }

    mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    mutating func member(_ name: String, _ value: some BinaryInteger) {
        key(name)
        integer(value)
    }

    private mutating func raw(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func wrap(_ open: UInt8, _ close: UInt8, _ fill: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(open)
        needsComma = false
        fill(&self)
        bytes.append(close)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            bytes.append(contentsOf: text.utf8)
        } else {
            for scalar in text.unicodeScalars { append(scalar) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"", "\\": bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: scalar.value)])
        case "\n": bytes.append(contentsOf: "\\n".utf8)
        case "\r": bytes.append(contentsOf: "\\r".utf8)
        case "\t": bytes.append(contentsOf: "\\t".utf8)
        case _ where scalar.isActive:
            bytes.append(contentsOf: "\\u".utf8)
            for shift in [12, 8, 4, 0] { bytes.append(Self.digits[Int(scalar.value >> UInt32(shift) & 15)]) }
        default:
            bytes.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
        }
    }
}
