/// All routes of the API: looked through in order, for there are few.
struct RouteTable: Sendable {
    let routes: [Route]

    /// What a request meets.
    enum Match: Sendable {
        case route(Route, parameters: [String: String])
        /// The path is known, and takes other methods.
        case otherMethods(RoutePattern, allowed: String)
        case nothing
    }

    /// `method` as the request wrote it. Whoever may GET may also ask for the head alone.
    func match(method: String, path: String) -> Match {
        let wanted = method == "HEAD" ? "GET" : method
        var allowed: [String] = []
        var pattern: RoutePattern?
        for route in routes {
            guard let parameters = route.pattern.match(path) else { continue }
            if route.method.rawValue == wanted { return .route(route, parameters: parameters) }
            pattern = pattern ?? route.pattern
            allowed += route.method == .get ? ["GET", "HEAD"] : [route.method.rawValue]
        }
        guard let pattern else { return .nothing }
        return .otherMethods(pattern, allowed: allowed.joined(separator: ", "))
    }
}
