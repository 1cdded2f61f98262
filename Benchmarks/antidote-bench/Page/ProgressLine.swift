#if canImport(FoundationEssentials)
import Foundation
#else
import Foundation
#endif

/// Tells on standard error how far a part has come.
struct ProgressLine {
    func show(_ part: String, _ done: Int, of all: Int) {
        if done % 5 == 0 { say("\(part): \(done) of \(all)") }
    }

    func say(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }
}
