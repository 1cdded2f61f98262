@_spi(StoreKit) public import AntidoteCore
public import DockerBackend
import FakeBackend

/// The backend that labs are to run on, found and known to answer.
public enum BackendSelection: Sendable {
    case docker(EngineAddress)
    case fake

    /// Decides what `choice` means here. With ``BackendChoice/auto``, it is no error when no engine answers, unless
    /// somebody named one: `why` then says so in one line.
    ///
    /// Throws `backendUnavailable` or `backendRefused` where an engine was asked for and does not answer, and
    /// `configurationInvalid` where what names it cannot be used.
    public static func select(
        _ choice: BackendChoice,
        settings: Settings,
        environment: [String: String]
    ) async throws -> (selection: BackendSelection, why: String?) {
        var environment = environment
        if let host = settings.dockerHost { environment["DOCKER_HOST"] = host }
        return try await select(choice, discovery: EngineDiscovery(environment: environment))
    }

    static func select(
        _ choice: BackendChoice,
        discovery: EngineDiscovery
    ) async throws -> (selection: BackendSelection, why: String?) {
        if choice == .fake { return (.fake, nil) }
        let named = try discovery.namedAddress()
        do {
            let address = try named ?? discovery.address()
            try await probe(address)
            return (.docker(address), nil)
        } catch let error as AntidoteError where choice == .auto && named == nil {
            return (.fake, "No Docker Engine answers (\(error.message)): using the fake backend, which builds nothing.")
        }
    }

    /// What environments are placed by.
    public var id: BackendID { BackendID(unchecked: name) }

    /// What it is called in messages.
    public var name: String {
        switch self {
        case .docker: "docker"
        case .fake: "fake"
        }
    }

    private static func probe(_ address: EngineAddress) async throws {
        let configuration = DockerConfiguration(
            instance: InstanceID(unchecked: "probe"),
            store: RandomSource.system.storeID(),
            address: address
        )
        try await DockerBackend(configuration: configuration).probe()
    }

    func makeBackend(
        instance: InstanceID,
        store: StoreID,
        owner: ProcessIdentity?,
        settings: Settings,
        time: TimeSource
    ) throws -> any OwnerListingBackend {
        switch self {
        case .docker(let address):
            try DockerBackend(
                configuration: DockerConfiguration(
                    instance: instance,
                    store: store,
                    owner: owner?.description ?? "",
                    address: address,
                    gateImage: ImageReference(settings.gateImage),
                    allowPrivileged: settings.allowPrivileged,
                    registryCredentials: settings.registryCredentials,
                    endpointDeadline: settings.endpointDeadline,
                    pullDeadline: settings.pullDeadline,
                    time: time
                )
            )
        case .fake:
            FakeBackend(
                instance: instance,
                provider: try settings.fakeDirectory.map { try FakeProvider(directory: $0, time: time) },
                script: settings.fakeIsInstant ? .instant : .demonstration,
                owner: owner?.description,
                time: time
            )
        }
    }
}
