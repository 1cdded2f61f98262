import AntidoteCore
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Stands between the parser and the server on each connection: a request must arrive in time, an answer must be taken
/// in time, what is no HTTP is answered with a problem, and no body is read that nobody wants.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long everything may take.
    struct Limits: Sendable {
        var reading: TimeAmount
        var writing: TimeAmount
        /// How long a client may go on sending what is thrown away, so that it reads why.
        var lingering = TimeAmount.seconds(2)
    }

    /// A request that does not arrive.
    struct TooSlow: Error {}

    private let limits: Limits
    /// Makes the answer to what is no request.
    private let refuse: @Sendable (APIProblem) -> [UInt8]
    /// A head has come, and its end has not.
    private var isReading = false
    private var unanswered = 0
    /// Answers that were written, and that the network has not taken yet.
    private var unsent = 0
    private var refusal: APIProblem?
    /// The answer that is being written is the last one.
    private var isLast = false
    private var isLingering = false
    /// The client knows that a connection may have more than one request.
    private var mayStay = true
    private var readDeadline: Scheduled<Void>?
    private var writeDeadline: Scheduled<Void>?

    init(limits: Limits, refuse: @escaping @Sendable (APIProblem) -> [UInt8]) {
        self.limits = limits
        self.refuse = refuse
    }

    func handlerAdded(context: ChannelHandlerContext) {
        do {
            let pipeline = context.pipeline.syncOperations
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            try pipeline.addHandler(HeadInspector { self.mayStay = false }, position: .before(codec))
        } catch {
            // Without its parser it is no connection of ours.
            context.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        readDeadline?.cancel()
        writeDeadline?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isLingering, refusal == nil else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            isReading = true
            unanswered += 1
            // Before an answer that is still due, it would be taken for that.
            if unanswered == 1, head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
            readDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: limits.reading) {
                context.fireErrorCaught(TooSlow())
            }
        case .body:
            break
        case .end:
            isReading = false
            readDeadline?.cancel()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Nobody behind us asks for more of what is thrown away.
        if isLingering { context.read() } else { context.fireChannelReadComplete() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !(error is IOError), !(error is ChannelError), !(error is TooSlow), refusal == nil else {
            return context.fireErrorCaught(error)
        }
        refusal = ConnectionGuard.problem(error)
        readDeadline?.cancel()
        // The server knows what to do about errors of the parser only.
        context.fireErrorCaught(error is HTTPParserError ? error : HTTPParserError.unknown)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): write(head, context: context, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end: writeEnd(data, context: context, promise: promise)
        }
    }

    private func write(_ head: HTTPResponse, context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        unsent += 1
        if unsent == 1 { expectProgress(context) }
        var head = head
        // The server's own word for what is no request. Ours always has a body.
        if let refusal, head.status == .badRequest, head.headerFields[.contentLength] == "0" {
            isLast = true
            let body = refuse(refusal)
            head.status = HTTPResponse.Status(code: refusal.status.rawValue, reasonPhrase: refusal.status.title)
            head.headerFields[.contentLength] = String(body.count)
            head.headerFields[.contentType] = APIProblem.mediaType
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
            return context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
        }
        // What is answered before it was read is not worth reading.
        if unanswered == 1, isReading || !mayStay {
            isLast = true
            head.headerFields[.connection] = "close"
        }
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }

    private func writeEnd(_ data: NIOAny, context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        unanswered = max(0, unanswered - 1)
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in
            self.unsent -= 1
            self.expectProgress(context)
            if self.isLast { self.linger(context) }
        }
        context.write(data, promise: written)
    }

    /// The oldest answer that is not sent yet has its time from now on.
    private func expectProgress(_ context: ChannelHandlerContext) {
        writeDeadline?.cancel()
        guard unsent > 0 else { return }
        writeDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: limits.writing) {
            context.close(promise: nil)
        }
    }

    /// Closes our side, and the other one a little later: a client that still sends would otherwise lose the answer.
    private func linger(_ context: ChannelHandlerContext) {
        guard !isLingering else { return }
        isLingering = true
        readDeadline?.cancel()
        readDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: limits.lingering) {
            context.close(promise: nil)
        }
        context.close(mode: .output, promise: nil)
        context.read()
    }

    private static func problem(_ error: any Error) -> APIProblem {
        if case HTTPParserError.headerOverflow = error {
            return APIProblem(
                .headersTooLarge,
                .headTooLarge,
                "the head of the request is larger than it may be",
                advice: "Send fewer and shorter header fields."
            )
        }
        return APIProblem(
            .badRequest,
            .malformedRequest,
            "this is no HTTP/1.1 request",
            advice: "Look at what is sent."
        )
    }
}
