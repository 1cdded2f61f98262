/// An object as JSON, written by hand: a general encoder takes ten times as long, and events are written all the time.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    private var isEmpty = true

    /// The object that `fill` writes the members of.
    init(_ fill: (inout JSONText) -> Void) {
        bytes.reserveCapacity(384)
        bytes.append(UInt8(ascii: "{"))
        fill(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    mutating func add(_ key: String, _ value: String) {
        begin(key)
        append(value)
    }

    mutating func add(_ key: String, _ value: Int64) {
        begin(key)
        bytes.append(contentsOf: value.description.utf8)
    }

    mutating func add(_ key: String, _ fill: (inout JSONText) -> Void) {
        begin(key)
        bytes.append(UInt8(ascii: "{"))
        isEmpty = true
        fill(&self)
        isEmpty = false
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func begin(_ key: String) {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
        append(key)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0..<0x20: bytes.append(contentsOf: Self.escape(byte))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escape(_ control: UInt8) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return Array("\\u00".utf8) + [digits[Int(control >> 4)], digits[Int(control & 15)]]
    }
}
