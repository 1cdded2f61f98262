import AntidoteCore
import Foundation
import Testing

@Suite struct JSONTextTests {
    private func text(_ escaping: JSONText.Escaping, _ string: String) -> String {
        var json = JSONText(escaping: escaping)
        json.string(string)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `commas separate members and elements on every level`() {
        let json = JSONText { json in
            json.add("a", "x")
            json.add("b", -7)
            json.add("c") { json in
                json.key("d")
                json.array { json in
                    json.null()
                    json.boolean(true)
                    json.number(1.5)
                    json.number(.infinity)
                    json.object { _ in }
                    json.array { _ in }
                }
            }
            json.add("e", UInt64.max)
        }
        let expected = #"{"a":"x","b":-7,"c":{"d":[null,true,1.5,null,{},[]]},"e":18446744073709551615}"#
        #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
    }

    @Test(arguments: [
        (JSONText.Escaping.required, #""\"\\\u000a\u000d\u0009\u0000\#u{7F}\#u{202E}é""#),
        (.readable, #""\"\\\n\u000d\u0009\u0000\u007f\#u{202E}é""#),
        (.inert, #""\"\\\n\r\t\u0000\u007f\u202eé""#),
    ])
    func `only what the style asks for is escaped`(escaping: JSONText.Escaping, expected: String) {
        #expect(text(escaping, "\"\\\n\r\t\0\u{7F}\u{202E}é") == expected)
    }

    @Test(arguments: [JSONText.Escaping.required, .readable, .inert])
    func `every string reads back as itself`(escaping: JSONText.Escaping) throws {
        let all = (0..<0x3000).compactMap(Unicode.Scalar.init) + ["\u{FEFF}", "\u{1F600}", "\u{10FFFF}"]
        for start in stride(from: 0, to: all.count, by: 97) {
            let string = String(String.UnicodeScalarView(all[start..<min(start + 97, all.count)]))
            let read = try JSONDecoder().decode(String.self, from: Data(text(escaping, string).utf8))
            #expect(Array(read.utf8) == Array(string.utf8))
        }
    }
}
