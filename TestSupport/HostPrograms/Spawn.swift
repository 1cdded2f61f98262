import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// posix_spawn, with a group of its own and the signals as they are for a program that a person starts.
///
/// Foundation's Process hands on the signal mask of the thread that starts it, and threads of ours block signals.
package enum Spawn {
    /// Starts `command` with `descriptors` as its standard streams, and closes them here.
    package static func start(_ command: [String], environment: [String: String], descriptors: [Int32]) throws -> Int32
    {
        defer { for descriptor in descriptors { close(descriptor) } }
        #if canImport(Darwin)
        var attributes: posix_spawnattr_t?
        var actions: posix_spawn_file_actions_t?
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        #endif
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
        }
        var none = sigset_t()
        sigemptyset(&none)
        var usual = sigset_t()
        sigemptyset(&usual)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT] { sigaddset(&usual, signal) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        for (stream, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(stream))
        }
        #if !canImport(Darwin)
        // It may live longer than the pipes and files of other tests, which would wait for it.
        for descriptor in Int32(descriptors.count)..<1024 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        #endif
        let arguments = command.map { strdup($0) }
        let variables = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { for text in arguments + variables { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, command[0], &actions, &attributes, arguments + [nil], variables + [nil])
        guard code == 0 else {
            throw HostFailure("\(command[0]) cannot be started: \(String(cString: strerror(code)))")
        }
        return pid
    }
}
