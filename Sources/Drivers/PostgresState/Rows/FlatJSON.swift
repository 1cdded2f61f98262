import AntidoteCore

/// Objects whose values are texts, written and read by hand: a general decoder takes ten times as long, and every row has
/// some.
enum FlatJSON {
    static func text(_ object: [String: String]) -> String {
        if object.isEmpty { return "{}" }
        let json = JSONText { json in
            for (key, value) in object.sorted(by: { $0.key < $1.key }) { json.add(key, value) }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// `nil` for anything but plain texts without escapes: that is left to somebody who knows all of JSON.
    static func object(_ text: String) -> [String: String]? {
        guard text.utf8.first == UInt8(ascii: "{"), text.utf8.last == UInt8(ascii: "}"),
            !text.utf8.contains(UInt8(ascii: "\\"))
        else { return nil }
        // Without escapes a quotation mark always begins or ends a text.
        let parts = text.utf8.dropFirst().dropLast().split(
            separator: UInt8(ascii: "\""),
            omittingEmptySubsequences: false
        )
        if parts.count == 1 { return parts[0].allSatisfy(isBlank) ? [:] : nil }
        guard parts.count % 4 == 1 else { return nil }
        var object: [String: String] = [:]
        for index in stride(from: 0, to: parts.count - 1, by: 4) {
            let before = parts[index].filter { !isBlank($0) }
            let between = parts[index + 2].filter { !isBlank($0) }
            guard before.elementsEqual(index == 0 ? [] : [UInt8(ascii: ",")]),
                between.elementsEqual([UInt8(ascii: ":")])
            else { return nil }
            object[String(Substring(parts[index + 1]))] = String(Substring(parts[index + 3]))
        }
        return parts[parts.count - 1].allSatisfy(isBlank) ? object : nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D }
}
