import AntidoteCore
import Foundation

/// Where `antidote up` keeps things on a machine of one user, where nobody configured anything else.
public struct LocalInstallation: Sendable {
    /// The user's folder for state that outlives a program.
    public let directory: String

    /// As the XDG Base Directory Specification has it: `$XDG_STATE_HOME/antidote`, or `~/.local/state/antidote`.
    public init(environment: [String: String]) {
        let base =
            environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
            ?? "\(environment["HOME"] ?? FileManager.default.homeDirectoryForCurrentUser.path)/.local/state"
        directory = "\(base)/antidote"
    }

    /// With a name, a store and a folder of the fake backend, where the settings name none.
    public func completing(_ settings: Settings) -> Settings {
        var settings = settings
        let instance = settings.services.instance ?? InstanceID(unchecked: "local")
        settings.services.instance = instance
        if settings.services.database == nil, settings.services.stateFile == nil {
            settings.services.stateFile = "\(directory)/\(instance).sqlite"
        }
        if settings.fakeDirectory == nil { settings.fakeDirectory = "\(directory)/\(instance).fake" }
        return settings
    }
}
