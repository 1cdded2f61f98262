/// What the backend is at when something happens to the engine: the kind of its call.
enum EnginePhase: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case version, information, events, containerList, networkList, imageInspect
    case networkCreate, gateCreate, endpointCreate, helperCreate, connect, upload, start
    case execCreate, execStart, execInspect, containerInspect
    case jobCreate, wait, logs
    case containerRemove, networkRemove

    var description: String { rawValue }

    func matches(_ request: EngineRequest) -> Bool {
        let (method, path) = (request.method, request.path)
        func asks(_ wanted: String, _ pattern: String...) -> Bool {
            method == wanted && path.count == pattern.count
                && zip(path, pattern).allSatisfy { $0 == $1 || $1 == "*" }
        }
        switch self {
        case .version: return asks("GET", "version")
        case .information: return asks("GET", "info")
        case .events: return asks("GET", "events")
        case .containerList: return asks("GET", "containers", "json")
        case .networkList: return asks("GET", "networks")
        case .imageInspect: return method == "GET" && path.first == "images" && path.last == "json"
        case .networkCreate: return asks("POST", "networks", "create")
        case .gateCreate: return asks("POST", "containers", "create") && request.query.contains(".gate")
        case .helperCreate: return asks("POST", "containers", "create") && request.query.contains(".helper.")
        case .jobCreate: return asks("POST", "containers", "create") && request.query.contains(".job.")
        // Only an endpoint's name has no dot.
        case .endpointCreate: return asks("POST", "containers", "create") && !request.query.contains(".")
        case .connect: return asks("POST", "networks", "*", "connect")
        case .upload: return asks("PUT", "containers", "*", "archive")
        case .start: return asks("POST", "containers", "*", "start")
        case .execCreate: return asks("POST", "containers", "*", "exec")
        case .execStart: return asks("POST", "exec", "*", "start")
        case .execInspect: return asks("GET", "exec", "*", "json")
        case .containerInspect: return asks("GET", "containers", "*", "json")
        case .wait: return asks("POST", "containers", "*", "wait")
        case .logs: return asks("GET", "containers", "*", "logs")
        case .containerRemove: return asks("DELETE", "containers", "*")
        case .networkRemove: return asks("DELETE", "networks", "*")
        }
    }

    /// Whether its answer comes bit by bit, for as long as something lasts.
    var isStream: Bool { [.events, .execStart, .wait, .logs].contains(self) }

    /// Whether its answer says something besides that it is one.
    var hasAnswer: Bool {
        ![.connect, .upload, .start, .containerRemove, .networkRemove, .execStart, .logs].contains(self)
    }
}
