import AntidoteCore

extension AntidoteError {
    /// What an engine's complaint about a pull means.
    ///
    /// The complaint may quote what a registry says: nothing in it steers a terminal, or is of `credential`.
    static func pullFailed(
        _ reference: String,
        says complaint: String,
        credential: RegistryCredential?
    ) -> AntidoteError {
        let message = CleanText.make(from: complaint.utf8, without: credential?.secrets ?? [])
        let hadCredentials = credential != nil
        let text = message.lowercased()
        func has(_ words: String...) -> Bool { words.contains { text.contains($0) } }
        let code: Code
        let advice: String
        if has("no space left", "quota exceeded") {
            code = .storageFull
            advice = "Free space at the engine: “docker system df” shows what takes it."
        } else if has("pull access denied"), !hadCredentials {
            code = .imageMissing
            advice = "Check the name. If it is private, log in with “docker login”, or configure the registry."
        } else if has("unauthorized", "denied", "authentication required", "no basic auth", "forbidden") {
            code = .registryDenied
            advice = "Check the credentials for the registry, and that they may read this image."
        } else if has("manifest unknown", "not found", "does not exist", "name unknown", "invalid reference") {
            code = .imageMissing
            advice = "Check its name and tag, or build it at the engine."
        } else {
            code = .imagePullFailed
            advice = "Check that the engine reaches the registry, or build the image at the engine."
        }
        return AntidoteError(
            code,
            "the image is not at the engine and could not be pulled: \(message.prefix(400))",
            recovery: advice,
            subject: reference
        )
    }

    static func imageIllegal(_ reference: String) -> AntidoteError {
        AntidoteError(
            .invalidTopology,
            "“\(reference.prefix(200))” cannot be the name of an image",
            recovery: "Write it as registry/organisation/name:tag, in lower case and without blanks.",
            subject: String(reference.prefix(200))
        )
    }

    static func imageAbsent(_ reference: String) -> AntidoteError {
        AntidoteError(
            .imageMissing,
            "the image is not at the engine, and its policy is never to pull it",
            recovery: "Build it there, or let it be pulled.",
            subject: reference
        )
    }

    /// The image was there a moment ago. The next try pulls it, or says that it may not.
    static func imageVanished(_ reference: String) -> AntidoteError {
        AntidoteError(
            .imageMissing,
            "the image was removed from the engine while something was being made of it",
            recovery: "Keep what cleans up the engine away from the images of labs.",
            subject: reference,
            disposition: .retry
        )
    }
}
