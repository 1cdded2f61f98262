/// A place in a file.
public struct Location: Sendable, Hashable, Comparable, Codable {
    /// From 1.
    public var line: Int
    /// From 1, counted in Unicode scalars.
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: Location, right: Location) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A value and where it was written.
struct Located<Value: Sendable>: Sendable {
    var value: Value
    var location: Location
}
