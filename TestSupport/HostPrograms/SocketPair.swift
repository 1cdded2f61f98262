#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Two ends that no other child inherits. Sockets and not pipes, because only they are born that way everywhere.
package struct SocketPair {
    package let near: Int32
    package let far: Int32

    package init() throws {
        var ends: [Int32] = [-1, -1]
        #if canImport(Darwin)
        let type = SOCK_STREAM
        #else
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        #endif
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw HostFailure("socketpair: \(String(cString: strerror(errno)))")
        }
        near = ends[0]
        far = ends[1]
    }
}
