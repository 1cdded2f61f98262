import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An address of IP, version 4 or 6; one of version 4 that is written as one of version 6 is of version 4.
struct IPAddress: Sendable, Hashable {
    /// 4 or 16.
    let bytes: [UInt8]

    /// `nil` where `text` is no address.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 64,
            let address = try? NIOCore.SocketAddress(ipAddress: String(text), port: 0)
        else { return nil }
        self.init(address)
    }

    /// `nil` for a Unix socket.
    init?(_ address: NIOCore.SocketAddress) {
        switch address {
        case .v4(let address):
            bytes = withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
        case .v6(let address):
            let all = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
            let isMapped = all[..<10].allSatisfy { $0 == 0 } && all[10] == 0xFF && all[11] == 0xFF
            bytes = isMapped ? Array(all[12...]) : all
        case .unixDomainSocket:
            return nil
        }
    }
}
