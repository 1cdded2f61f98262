import Foundation

/// Runs something that takes files' permissions seriously, which root does not.
enum AsNobody {
    static func run<Result>(_ body: () -> Result) -> Result {
        #if os(Linux)
        // The file system's idea of the user is the one thing of the kind that a thread has to itself. The function is
        // looked up by name because Swift's view of the C library leaves it out.
        typealias SetUser = @convention(c) (UInt32) -> Int32
        if geteuid() == 0, let symbol = dlsym(nil, "setfsuid") {
            let setUser = unsafeBitCast(symbol, to: SetUser.self)
            _ = setUser(65534)
            defer { _ = setUser(0) }
            return body()
        }
        #endif
        return body()
    }
}
