import Foundation

/// libFuzzer's way in: its own `main` calls this with one input after another. The variable `ANTIDOTE_FUZZ_TARGET` says
/// what reads them.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    FuzzEntry.target(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}

enum FuzzEntry {
    /// By the names of the folders of the corpus.
    private static let targets: [String: @Sendable ([UInt8]) -> Void] = [
        "catalogue": CurriculumTargets.catalogue,
        "engine-json": EngineTargets.json,
        "engine-stream": EngineTargets.stream,
        "events": EventTargets.events,
        "http": HTTPTargets.http,
        "lesson": CurriculumTargets.lesson,
    ]

    fileprivate static let target: @Sendable ([UInt8]) -> Void = {
        let name = ProcessInfo.processInfo.environment["ANTIDOTE_FUZZ_TARGET"] ?? ""
        guard let target = targets[name] else {
            FileHandle.standardError.write(Data("ANTIDOTE_FUZZ_TARGET names none of \(targets.keys.sorted())\n".utf8))
            exit(64)
        }
        return target
    }()
}

/// Ends the program, as a crash that libFuzzer keeps the input of, unless `isTrue`.
func require(_ isTrue: Bool, _ rule: @autoclosure () -> String, line: Int = #line, file: String = #fileID) {
    guard !isTrue else { return }
    FileHandle.standardError.write(Data("\(file):\(line): \(rule())\n".utf8))
    abort()
}
