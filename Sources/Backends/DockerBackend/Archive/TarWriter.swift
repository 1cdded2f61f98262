/// Writes an archive in the `ustar` format, which every engine unpacks.
///
/// Owner and time are fixed, so that equal files give equal bytes. A name that does not fit `ustar` goes into a GNU
/// long name entry before its own.
struct TarWriter {
    private(set) var bytes: [UInt8] = []

    mutating func addDirectory(_ path: String, mode: UInt16 = 0o755) {
        addEntry(path.hasSuffix("/") ? path : path + "/", mode: mode, type: UInt8(ascii: "5"), contents: [])
    }

    mutating func addFile(_ path: String, mode: UInt16, contents: [UInt8]) {
        addEntry(path, mode: mode, type: UInt8(ascii: "0"), contents: contents)
    }

    /// The archive with its end mark.
    consuming func finish() -> [UInt8] {
        bytes.append(contentsOf: repeatElement(0, count: 2 * Self.block))
        return bytes
    }

    private static let block = 512
    private static let nameField = 100

    private mutating func addEntry(_ path: String, mode: UInt16, type: UInt8, contents: [UInt8]) {
        let name = Array(path.utf8)
        if name.count > Self.nameField {
            addHeader(Array("././@LongLink".utf8), mode: 0o644, type: UInt8(ascii: "L"), size: name.count + 1)
            addPadded(name + [0])
        }
        addHeader(Array(name.prefix(Self.nameField)), mode: mode, type: type, size: contents.count)
        addPadded(contents)
    }

    private mutating func addHeader(_ name: [UInt8], mode: UInt16, type: UInt8, size: Int) {
        var header = [UInt8](repeating: 0, count: Self.block)
        func put(_ text: some Sequence<UInt8>, at offset: Int) {
            for (index, byte) in text.enumerated() { header[offset + index] = byte }
        }
        put(name, at: 0)
        put(Self.octal(Int(mode & 0o7777), digits: 7), at: 100)
        put(Self.octal(0, digits: 7), at: 108)
        put(Self.octal(0, digits: 7), at: 116)
        put(Self.octal(size, digits: 11), at: 124)
        put(Self.octal(0, digits: 11), at: 136)
        put(repeatElement(UInt8(ascii: " "), count: 8), at: 148)
        header[156] = type
        // The GNU spelling, since the long name entries are GNU's.
        put("ustar  ".utf8, at: 257)
        put("root".utf8, at: 265)
        put("root".utf8, at: 297)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(Self.octal(sum, digits: 6), at: 148)
        header[154] = 0
        header[155] = UInt8(ascii: " ")
        bytes.append(contentsOf: header)
    }

    private mutating func addPadded(_ contents: [UInt8]) {
        bytes.append(contentsOf: contents)
        let rest = contents.count % Self.block
        if rest > 0 { bytes.append(contentsOf: repeatElement(0, count: Self.block - rest)) }
    }

    private static func octal(_ value: Int, digits: Int) -> [UInt8] {
        let text = Array(String(value, radix: 8).utf8)
        return Array(repeatElement(UInt8(ascii: "0"), count: max(0, digits - text.count))) + text
    }
}
