#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Every address that this machine has now, in text; link-local ones without their zone.
func hostAddresses() -> (four: [String], six: [String]) {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return ([], []) }
    defer { freeifaddrs(list) }
    var four: Set<String> = []
    var six: Set<String> = []
    var next = list
    while let entry = next?.pointee {
        next = entry.ifa_next
        guard let address = entry.ifa_addr else { continue }
        let family = Int32(address.pointee.sa_family)
        guard family == AF_INET || family == AF_INET6 else { continue }
        let length = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
        var text = [CChar](repeating: 0, count: 256)
        guard getnameinfo(address, socklen_t(length), &text, 256, nil, 0, NI_NUMERICHOST) == 0 else { continue }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let name = String(decoding: bytes, as: UTF8.self).split(separator: "%").first.map { String($0) } ?? ""
        if family == AF_INET { four.insert(name) } else { six.insert(name) }
    }
    return (four.sorted(), six.sorted())
}
