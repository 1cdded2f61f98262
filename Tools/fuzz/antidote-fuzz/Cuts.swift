/// Cuts bytes into chunks at places that follow from the bytes themselves, so that an input alone tells the whole run.
struct Cuts {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    init(_ bytes: [UInt8]) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }

    /// `bytes` in order, in pieces of one byte up to `longest`.
    mutating func chunks(of bytes: [UInt8], longest: Int = 24) -> [[UInt8]] {
        var chunks: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let chunk = rest.prefix(1 + Int(state >> 33) % longest)
            chunks.append(Array(chunk))
            rest = rest.dropFirst(chunk.count)
        }
        return chunks
    }
}
