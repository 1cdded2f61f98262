import Foundation
import Testing

@testable import HTTPTransport

@Suite struct FailureMappingTests {
    private func code(
        _ curl: UInt32,
        errno: Int32 = 0,
        detail: String = "",
        socket: String? = nil
    ) -> HTTPTransportError.Code {
        FailureMapping(code: curl, systemError: errno, detail: detail, socketPath: socket, request: "GET /").error.code
    }

    @Test func socketsAreToldApartByErrno() {
        #expect(code(7, errno: EACCES, socket: "/s") == .permissionDenied)
        #expect(code(7, errno: ENOENT, socket: "/s") == .socketMissing)
        #expect(code(7, errno: ECONNREFUSED, socket: "/s") == .cannotConnect)
        #expect(code(7, errno: ENOENT) == .cannotConnect)
    }

    @Test func curlsCodesHaveAMeaning() {
        #expect(code(6) == .cannotConnect)
        #expect(code(28) == .timedOut)
        #expect(code(18) == .connectionLost)
        #expect(code(52) == .connectionLost)
        #expect(code(56, detail: "Connection reset") == .connectionLost)
        #expect(code(56, detail: "OpenSSL SSL_read: alert certificate required") == .tls)
        #expect(code(60) == .tls)
        #expect(code(1) == .protocolViolation)
        #expect(code(10) == .other)
    }

    @Test func theErrorSaysWhatFailed() {
        let error = FailureMapping(
            code: 7,
            systemError: EACCES,
            detail: "",
            socketPath: "/s",
            request: "GET /a"
        ).error
        #expect(error.curlCode == 7 && error.systemError == EACCES && error.request == "GET /a")
        #expect(error.description.hasPrefix("permissionDenied: ") && error.description.contains("/s"))
    }
}
