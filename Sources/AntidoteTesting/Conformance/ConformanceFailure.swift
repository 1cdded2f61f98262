import AntidoteCore

/// Why a case failed, for the one who writes what is tried.
struct ConformanceFailure: Error, CustomStringConvertible {
    let description: String
}

func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    if !condition { throw ConformanceFailure(description: message()) }
}

func require<Value: Equatable>(_ value: Value, is wanted: Value, _ what: String) throws {
    try require(value == wanted, "\(what): wanted \(wanted), found \(value)")
}

func require<Value>(_ value: Value?, _ message: @autoclosure () -> String) throws -> Value {
    guard let value else { throw ConformanceFailure(description: message()) }
    return value
}

/// The error of one of these codes that `body` throws.
@discardableResult
func requireError(
    _ codes: AntidoteError.Code...,
    subject: String? = nil,
    from what: String,
    _ body: () async throws -> some Any
) async throws -> AntidoteError {
    let names = codes.map(\.description).joined(separator: " or ")
    do {
        _ = try await body()
    } catch let error as AntidoteError {
        try require(codes.contains(error.code), "\(what): wanted the error \(names), found \(error)")
        if let subject { try require(error.subject ?? "", is: subject, "\(what): the error's place") }
        return error
    }
    throw ConformanceFailure(description: "\(what): wanted the error \(names), and there was none")
}
