internal import CCurlShim

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What libcurl and the system said of a failed transfer, as this module's error. A value.
struct FailureMapping {
    /// libcurl's code, as a number.
    let code: UInt32
    /// `errno`, or 0.
    let systemError: Int32
    /// libcurl's text.
    let detail: String
    /// Of a client on a Unix socket.
    let socketPath: String?
    /// Whether the request went out before: over a kept connection that then broke.
    var wasSent = false
    let request: String

    var error: HTTPTransportError {
        let (kind, message) = kindAndMessage
        return HTTPTransportError(
            kind,
            message,
            request: request,
            curlCode: Int32(bitPattern: code),
            systemError: systemError == 0 ? nil : systemError
        )
    }

    private var kindAndMessage: (HTTPTransportError.Code, String) {
        switch CURLcode(rawValue: code) {
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST:
            if wasSent {
                return (.connectionLost, "the connection broke before the answer, and there is no other: \(said)")
            }
            return notConnected
        case CURLE_OPERATION_TIMEDOUT:
            return (.timedOut, "no connection within the connect timeout: \(said)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_PEER_FAILED_VERIFICATION,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED:
            return (.tls, "\(said): check the authorities, the client's certificate and key, and the host's name")
        case CURLE_RECV_ERROR where isTLSAlert, CURLE_SEND_ERROR where isTLSAlert:
            // With TLS 1.3 the server judges the client's certificate after the handshake.
            return (.tls, "\(said): the server refused the client's certificate or its absence")
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_SEND_FAIL_REWIND:
            return (.connectionLost, "the connection broke before the answer was whole: \(said)")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            return (.protocolViolation, "the server does not speak HTTP/1.1: \(said)")
        case CURLE_OUT_OF_MEMORY:
            return (.other, "out of memory")
        default:
            return (.other, said)
        }
    }

    private var notConnected: (HTTPTransportError.Code, String) {
        guard let socketPath else {
            return (.cannotConnect, "\(said): check the address, and that the server runs")
        }
        switch systemError {
        case ENOENT, ENOTDIR:
            return (.socketMissing, "there is no socket at \(socketPath): check the path, and that the server runs")
        case EACCES, EPERM:
            return (
                .permissionDenied,
                "this process may not use the socket \(socketPath): add its user to the socket's group"
            )
        default:
            return (.cannotConnect, "nobody listens on the socket \(socketPath): check that the server runs")
        }
    }

    private var isTLSAlert: Bool {
        detail.contains("SSL") && detail.contains("alert")
    }

    private var said: String {
        detail.isEmpty ? String(cString: curl_easy_strerror(CURLcode(rawValue: code))) : detail
    }
}
