import AntidoteCore
import CNATS

/// The options of one connection to one server, for libnats.
final class ConnectionOptions {
    let raw: OpaquePointer

    deinit { natsOptions_Destroy(raw) }

    init(_ configuration: NATSConfiguration, _ server: ServerAddress, encrypted: Bool, key: Int) throws {
        var made: OpaquePointer?
        guard natsOptions_Create(&made) == NATS_OK, let made else {
            throw AntidoteError.unavailable("libnats has no memory")
        }
        raw = made
        let url = server.url(encrypted: encrypted)
        try check(natsOptions_SetURL(raw, url), "the address", url)
        try check(natsOptions_SetName(raw, configuration.clientName), "the client's name")
        try check(natsOptions_SetTimeout(raw, configuration.connectTimeout.wholeMilliseconds), "the timeout")
        // The engine connects again: to any server, without end, and with nothing kept to be sent later.
        try check(natsOptions_SetAllowReconnect(raw, false), "reconnecting")
        try check(natsOptions_SetRetryOnFailedConnect(raw, false, nil, nil), "reconnecting")
        try check(natsOptions_SetIgnoreDiscoveredServers(raw, true), "other servers")
        try check(natsOptions_SetPingInterval(raw, configuration.pingInterval.wholeMilliseconds), "the pings")
        try check(natsOptions_SetMaxPingsOut(raw, 2), "the pings")
        // Half for sending, half for the confirmation.
        try check(natsOptions_SetWriteDeadline(raw, (configuration.operationTimeout / 2).wholeMilliseconds), "writing")
        try check(natsOptions_SetMaxPendingMsgs(raw, Receiver.pendingMessages), "the limits")
        // One thread delivers for all subscriptions: it only copies.
        try check(natsOptions_UseGlobalMessageDelivery(raw, true), "delivery")
        let context = ConnectionEvents.context(key)
        try check(natsOptions_SetClosedCB(raw, ConnectionEvents.closed, context), "callbacks")
        try check(natsOptions_SetErrorHandler(raw, ConnectionEvents.trouble, context), "callbacks")
        try set(configuration.credentials)
        if encrypted { try set(configuration.tls ?? NATSTLS()) }
    }

    private func set(_ credentials: NATSCredentials?) throws {
        switch credentials {
        case .user(let name, let password):
            try check(natsOptions_SetUserInfo(raw, name, password.reveal()), "the user")
        case .token(let token): try check(natsOptions_SetToken(raw, token.reveal()), "the token")
        case .credentialsFile(let path):
            try check(natsOptions_SetUserCredentialsFromFiles(raw, path, nil), "the credentials file", path)
        case .nkey(let publicKey, let seedFile):
            try check(natsOptions_SetNKeyFromSeed(raw, publicKey, seedFile), "the NKey", seedFile)
        case nil: throw invalid("there are no credentials for NATS", "Configure them.")
        }
    }

    private func set(_ tls: NATSTLS) throws {
        try check(natsOptions_SetSecure(raw, true), "TLS")
        if let path = tls.authorityFile {
            try check(natsOptions_LoadCATrustedCertificates(raw, path), "the authorities' file", path)
        }
        if let certificate = tls.certificateFile, let key = tls.keyFile {
            try check(
                natsOptions_LoadCertificatesChain(raw, certificate, key),
                "the client's certificate with its key",
                certificate
            )
        }
        // With verification, libnats holds the certificate against the host of the URL.
        if !tls.verifiesServer { try check(natsOptions_SkipServerVerification(raw, true), "TLS") }
    }

    private func check(_ status: natsStatus, _ what: String, _ place: String? = nil) throws {
        guard status != NATS_OK else { return }
        throw invalid(
            "libnats does not accept \(what) of the NATS settings: \(LibraryError.text(status))",
            "See that it is what it should be.",
            subject: place
        )
    }
}

extension Duration {
    /// Rounded up, and at least 1.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return max(1, seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
