import AntidoteCore
import AntidoteLessons
import Testing

@testable import AntidoteAPI

@Suite("Values of the API")
struct ValueTests {
    @Test(
        arguments: [
            (nil, [], nil), ("192.0.2.1", [], "192.0.2.1"), ("192.0.2.1", ["1.2.3.4"], "192.0.2.1"),
            ("10.0.0.1", ["1.2.3.4"], "1.2.3.4"), ("10.0.0.1", ["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
            ("10.0.0.1", ["6.6.6.6", "1.2.3.4"], "1.2.3.4"), ("10.0.0.1", ["6.6.6.6, 1.2.3.4, 10.9.9.9"], "1.2.3.4"),
            ("10.0.0.1", [" 1.2.3.4:567 "], "1.2.3.4"),
            ("10.0.0.1", ["[2001:db8:1:2:3:4:5:6]:80"], "20010db800010002/64"),
            ("10.0.0.1", ["2001:db8::1"], "20010db800000000/64"), ("::ffff:10.0.0.1", ["::ffff:1.2.3.4"], "1.2.3.4"),
            ("10.0.0.1", ["nonsense"], "10.0.0.1"), ("10.0.0.1", [""], "10.0.0.1"), ("10.0.0.1", [",,,"], "10.0.0.1"),
            ("10.0.0.1", ["10.0.0.2, 10.0.0.3"], "10.0.0.2"),
        ] as [(String?, [String], String?)]
    )
    func whereARequestComesFrom(peer: String?, forwarded: [String], counted: String?) throws {
        let trusted = [try AddressBlock(validating: "10.0.0.0/8")]
        let address = ClientAddress(peer: peer.flatMap { IPAddress($0) }, forwarded: forwarded, trusted: trusted)
        #expect(address?.counted == counted)
        #expect(!"\(String(describing: address)) \(String(reflecting: address))".contains("."))
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("0.0.0.0/0", "9.9.9.9", true),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false), ("192.0.2.0/25", "192.0.2.127", true),
        ("192.0.2.0/25", "192.0.2.128", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false), ("::/0", "10.0.0.1", false),
    ])
    func aBlockHoldsAddresses(block: String, address: String, isIn: Bool) throws {
        let address = try #require(IPAddress(address))
        #expect(try AddressBlock(validating: block).contains(address) == isIn)
    }

    @Test(arguments: ["", "/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "host", "10.0.0.0/x", "1.2.3", "::/129"])
    func whatIsNoBlockIsToldByName(text: String) {
        let error = #expect(throws: AntidoteError.self) { try AddressBlock(validating: text) }
        #expect(error?.code == .configurationInvalid)
    }

    @Test(arguments: [
        (#"{"a":[1,-2.5e1,true,null,"\u00e9\ud83d\ude00\n"]}"#, #"{"a":[1,-25.0,true,null,"é😀\n"]}"#),
        (" [ ] ", "[]"), ("0", "0"), ("-0", "0"), ("9223372036854775807", "9223372036854775807"),
        (#""\u0000""#, #""\u0000""#), (#"{"":{}}"#, #"{"":{}}"#),
    ])
    func jsonIsReadAndWritten(text: String, written: String) throws {
        let value = try JSONParser.parse(Array(text.utf8))
        #expect(String(decoding: value.encoded, as: UTF8.self) == written)
    }

    @Test(arguments: [
        "", " ", "{", "[1 2]", "[1,]", #"{"a"}"#, #"{"a":1,}"#, "{1:2}", "+1", "01", "1.", ".5", "1e", "--1", "tru",
        "truex", #""\u12g4""#, #""\ud800\u0041""#, #""\udc00""#, "\"\t\"", #"{"a":1,"a":2}"#, "1e999", "NaN", "'a'",
    ])
    func whatIsNoJSONIsRefused(text: String) {
        #expect(throws: JSONParser.Fault.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func depthIsBounded() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(throws: Never.self) { try JSONParser.parse(nested(16)) }
        #expect(throws: JSONParser.Fault.self) { try JSONParser.parse(nested(17)) }
    }

    @Test func noBytesAtAllBringItDown() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array(#"{}[]":,\ud800e-+.0123456789truefalsn /"#.utf8) + [0, 0xFF, 0xC3, 0x80]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            guard let value = try? JSONParser.parse(bytes) else { continue }
            #expect((try? JSONParser.parse(value.encoded)) == value)
        }
    }

    @Test(
        arguments: [
            ("/v1/lessons/{slug}", "/v1/lessons/a", ["slug": "a"]),
            ("/v1/lessons/{slug}", "/v1/lessons/a%20b", ["slug": "a b"]),
            ("/v1/lessons/{slug}", "/v1/lessons/", nil), ("/v1/lessons/{slug}", "/v1/lessons/a/", nil),
            ("/v1/lessons/{slug}", "/v1/lessons/%", nil), ("/v1/lessons/{slug}", "/v1/lessons/%FF", nil),
            ("/livez", "/livez", [:]), ("/livez", "livez", nil), ("/livez", "", nil),
        ] as [(String, String, [String: String]?)]
    )
    func pathsMatch(pattern: String, path: String, values: [String: String]?) {
        #expect(RoutePattern(pattern).match(path) == values)
    }

    @Test func tokensAreAllDifferent() {
        let tokens = Set((0..<1000).map { _ in SessionToken().secret.reveal() })
        #expect(tokens.count == 1000)
        #expect(tokens.allSatisfy { SessionToken(authorization: "bearer \($0)") != nil })
        #expect("\(SessionToken())" == "SessionToken(secret: <redacted>)")
    }

    @Test(arguments: [(Tier.prod, [Tier.prod]), (.ptr, [.prod, .ptr]), (.local, [.prod, .ptr, .local])])
    func aTierShowsItsOwnAndWhatMoreSee(tier: Tier, shown: [Tier]) {
        #expect(Tier.allCases.filter { tier.shows($0) } == shown)
    }
}
