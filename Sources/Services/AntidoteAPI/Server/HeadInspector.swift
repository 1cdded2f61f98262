import NIOCore
import NIOHTTP1

/// Looks at what nobody sees any more once a request is one of HTTP in general: its version, and how many hosts it names.
final class HeadInspector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    /// Called for a client of HTTP/1.0, which waits until the connection is closed.
    private let onOldClient: () -> Void

    init(onOldClient: @escaping () -> Void) { self.onOldClient = onOldClient }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            let isOld = head.version == .http1_0 || head.version.major < 1
            if isOld { onOldClient() }
            let hosts = head.headers["Host"].count
            // RFC 9112, 3.2: whoever stands between may have taken another one of them.
            guard hosts == 1 || (isOld && hosts == 0) else {
                return context.fireErrorCaught(HTTPParserError.unknown)
            }
        }
        context.fireChannelRead(data)
    }
}
