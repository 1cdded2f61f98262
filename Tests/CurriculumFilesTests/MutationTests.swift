import CurriculumFiles
import Testing

/// Good files with bytes changed at random, always the same way: whatever comes of it, it is an answer.
@Suite(.timeLimit(.minutes(2))) struct MutationTests {
    /// A small generator of our own, so that a failure can be had again.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    private static let snippets = [
        "&a ", "*a", "<<: ", "? ", "- ", ": ", "{", "}", "[", "]", "|\n", ">-\n", "'", "\"", "#", "\t", "\r\n", "\u{0}",
        "!!",
        "%", "---\n", "...\n", "\u{FEFF}", "name: x\n", "99999999999999999999", "\\x", "~", "\u{2028}", ",",
    ].map { Array($0.utf8) }

    @Test(arguments: 0..<8)
    func nothingThatIsWrittenEndsTheProgram(_ seed: UInt64) throws {
        var generator = Generator(state: seed)
        let sandbox = try Sandbox(GoodCurriculum.files)
        let files = [GoodCurriculum.lesson, GoodCurriculum.second, GoodCurriculum.image, GoodCurriculum.collection]
        var withErrors = 0
        for _ in 0..<60 {
            let file = files[Int.random(in: 0..<files.count, using: &generator)]
            let good = Array((GoodCurriculum.files[file] ?? "").utf8)
            var bytes = good
            for _ in 0..<Int.random(in: 1...12, using: &generator) { mutate(&bytes, &generator) }
            try sandbox.write(file, bytes)
            let result = sandbox.read()
            if result.hasErrors { withErrors += 1 }
            #expect(result.problems == result.problems.sorted())
            #expect(result.problems.allSatisfy { ($0.location?.line ?? 1) > 0 && ($0.location?.column ?? 1) > 0 })
            try sandbox.write(file, good)
        }
        #expect(withErrors > 20)
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        case 2:
            bytes.insert(
                contentsOf: Self.snippets[Int.random(in: 0..<Self.snippets.count, using: &generator)],
                at: place
            )
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + 40))
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
        }
    }
}
