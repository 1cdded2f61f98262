import Hummingbird
import HummingbirdCore
import NIOCore

/// What is known of a request from the connection that it came by.
struct ConnectionContext: InitializableFromSource {
    let peer: IPAddress?

    init(source: ApplicationRequestContextSource) {
        peer = source.channel.remoteAddress.flatMap { IPAddress($0) }
    }
}
