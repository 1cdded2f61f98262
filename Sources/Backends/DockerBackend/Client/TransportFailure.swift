import AntidoteCore
import HTTPTransport

extension AntidoteError {
    /// Whether there was a connection, and it broke.
    var isOfLostConnection: Bool { (cause as? HTTPTransportError)?.code == .connectionLost }

    /// Why the engine at `address` could not be asked.
    init(_ failure: HTTPTransportError, at address: EngineAddress) {
        let code: Code
        let message: String
        let advice: String
        var disposition: Disposition?
        switch failure.code {
        case .socketMissing:
            code = .backendUnavailable
            message = "there is no Docker Engine at \(address): the socket does not exist"
            advice = "Start Docker, or say where it is with DOCKER_HOST."
        case .permissionDenied:
            code = .backendRefused
            message = "this user may not use the Docker Engine at \(address)"
            advice = "Join the group docker (“sudo usermod -aG docker $USER”, then log in again), or use sudo."
        case .cannotConnect:
            code = .backendUnavailable
            message = "no Docker Engine answers at \(address)"
            advice = "Start Docker, or say where it is with DOCKER_HOST."
        case .timedOut, .stalled:
            code = .backendUnavailable
            message = "the Docker Engine at \(address) took too long to answer"
            advice = "It is overloaded or hangs: look at its log."
        case .connectionLost:
            code = .backendUnavailable
            message = "the connection to the Docker Engine at \(address) broke"
            advice = "It may be restarting: try again."
        case .tls:
            code = .backendRefused
            message = "no trusted TLS connection to the Docker Engine at \(address)"
            advice = "Check the certificates that DOCKER_CERT_PATH or the Docker context names."
        case .shutdown:
            code = .backendUnavailable
            message = "the backend was shut down"
            advice = "Make a new one."
            disposition = .permanent
        case .protocolViolation, .responseTooLarge, .lineTooLong:
            code = .backendRefused
            message = "what listens at \(address) does not speak as a Docker Engine does"
            advice = "Check that the address is an engine's."
        default:
            code = .internalFault
            message = "a request to the Docker Engine could not be sent"
            advice = "This is a defect: report it with the log."
        }
        self.init(
            code,
            message,
            recovery: advice,
            disposition: disposition,
            cause: failure
        )
    }
}
