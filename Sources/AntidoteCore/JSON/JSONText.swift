/// JSON, written piece by piece as UTF-8. A general encoder takes ten times as long, and events, spans and log lines are
/// many.
///
/// The caller writes a key before each value of an object, and each object and array as a closure; the commas are added
/// here.
package struct JSONText: Sendable {
    /// Which characters of a string are written as escape sequences. Quotation marks and backslashes always are.
    package enum Escaping: Sendable {
        /// Only what JSON demands: control characters, as `\u` and four digits.
        case required
        /// As `required`, and DEL. A line feed is `\n`.
        case readable
        /// Everything that a terminal or viewer may act on. Line feeds, carriage returns and tabs have their short forms.
        case inert
    }

    package private(set) var bytes: [UInt8] = []
    private let escaping: Escaping
    private var needsComma = false

    package init(escaping: Escaping = .required, reserving capacity: Int = 512) {
        self.escaping = escaping
        bytes.reserveCapacity(capacity)
    }

    /// The object that `fill` writes the members of.
    package init(_ fill: (inout JSONText) -> Void) {
        self.init()
        object(fill)
    }

    package mutating func object(_ fill: (inout JSONText) -> Void) {
        wrap(UInt8(ascii: "{"), UInt8(ascii: "}"), fill)
    }

    package mutating func array(_ fill: (inout JSONText) -> Void) {
        wrap(UInt8(ascii: "["), UInt8(ascii: "]"), fill)
    }

    package mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) {
        separate()
        quote(text)
    }

    package mutating func integer(_ number: some BinaryInteger) { raw(String(number)) }

    package mutating func boolean(_ value: Bool) { raw(value ? "true" : "false") }

    /// A number; `null` where JSON has none.
    package mutating func number(_ value: Double) { raw(value.isFinite ? value.description : "null") }

    package mutating func null() { raw("null") }

    private mutating func raw(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func wrap(_ open: UInt8, _ close: UInt8, _ fill: (inout JSONText) -> Void) {
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
}

// MARK: - Members of an object

extension JSONText {
    package mutating func add(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    package mutating func add(_ name: String, _ value: some BinaryInteger) {
        key(name)
        integer(value)
    }

    /// An object as a member.
    package mutating func add(_ name: String, _ fill: (inout JSONText) -> Void) {
        key(name)
        object(fill)
    }
}

// MARK: - Escapes

extension JSONText {
    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.contains(where: mayNeedEscape) {
            for scalar in text.unicodeScalars { append(scalar) }
        } else {
            bytes.append(contentsOf: text.utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Any byte of a longer character may belong to one that is not inert.
    private func mayNeedEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"): true
        case 0x7F: escaping != .required
        default: byte >= 0x80 && escaping == .inert
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch (scalar, escaping) {
        case ("\"", _), ("\\", _): bytes += [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: scalar.value)]
        case ("\n", .readable), ("\n", .inert): bytes += "\\n".utf8
        case ("\r", .inert): bytes += "\\r".utf8
        case ("\t", .inert): bytes += "\\t".utf8
        case _ where isEscaped(scalar):
            bytes += "\\u".utf8
            bytes += [UInt8(scalar.value >> 8), UInt8(scalar.value & 0xFF)].lowerHex
        default: bytes += UTF8.encode(scalar).map(Array.init) ?? []
        }
    }

    /// All of them have at most four hexadecimal digits.
    private func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
        switch escaping {
        case .required: scalar.value < 0x20
        case .readable: scalar.value < 0x20 || scalar.value == 0x7F
        case .inert: scalar.isActive
        }
    }
}

extension Sequence<UInt8> {
    /// The ASCII codes of two lower-case hexadecimal digits a byte.
    package var lowerHex: [UInt8] {
        let digits: StaticString = "0123456789abcdef"
        return digits.withUTF8Buffer { digits in flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] } }
    }
}

extension Unicode.Scalar {
    /// Whether a terminal or a viewer may act on it instead of showing it: control characters, line separators, and
    /// characters that turn the direction of text.
    package var isActive: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
