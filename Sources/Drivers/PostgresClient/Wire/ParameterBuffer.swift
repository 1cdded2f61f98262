/// The parameters of one statement in the server's binary format, one behind the other.
package struct ParameterBuffer {
    private var bytes: [UInt8] = []
    private var starts: [Int?] = []
    private(set) var lengths: [Int32] = []

    /// - Throws: ``PostgresError`` `valueRefused` for a text with a NUL character, which the server has no room for.
    package init(_ values: [PostgresValue]) throws(PostgresError) {
        for value in values {
            let start = bytes.count
            let isNull = try !append(value)
            guard bytes.count - start <= Int(Int32.max) else {
                throw PostgresError(.valueRefused, "a parameter is larger than 2 GiB")
            }
            starts.append(isNull ? nil : start)
            lengths.append(Int32(bytes.count - start))
        }
    }

    /// Lends one pointer for each parameter, as libpq wants them.
    package func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        // An empty value still needs a pointer: without one it is NULL.
        (bytes + [0]).withUnsafeBytes { raw in
            let base = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = starts.map { start in start.flatMap { base?.advanced(by: $0) } }
            let formats = [Int32](repeating: 1, count: starts.count)
            return pointers.withUnsafeBufferPointer { pointers in
                body(pointers.baseAddress, lengths, formats)
            }
        }
    }

    /// False if it is NULL.
    private mutating func append(_ value: PostgresValue) throws(PostgresError) -> Bool {
        switch value {
        case .bool(let value): return append(value) { $0.add($1) }
        case .integer(let value): return append(value) { $0.add(integer: $1) }
        case .text(let value): return try appendText(value)
        case .bytes(let value): return append(value) { $0.bytes += $1 }
        case .timestamp(let value): return append(value) { $0.add(integer: PostgresTime.wire($1)) }
        case .json(let value): return try appendJSON(value)
        case .bools(let values): try appendArray(values, of: .bool) { $0.append($1) { $0.add($1) } }
        case .integers(let values): try appendArray(values, of: .int8) { $0.append($1) { $0.add(integer: $1) } }
        case .texts(let values):
            try appendArray(values, of: .text) { buffer, text throws(PostgresError) in try buffer.appendText(text) }
        case .byteStrings(let values): try appendArray(values, of: .bytea) { $0.append($1) { $0.bytes += $1 } }
        case .timestamps(let values):
            try appendArray(values, of: .timestamptz) {
                $0.append($1) { $0.add(integer: PostgresTime.wire($1)) }
            }
        case .jsons(let values):
            try appendArray(values, of: .jsonb) { buffer, text throws(PostgresError) in try buffer.appendJSON(text) }
        }
        return true
    }

    private mutating func append<Value>(_ value: Value?, _ add: (inout ParameterBuffer, Value) -> Void) -> Bool {
        guard let value else { return false }
        add(&self, value)
        return true
    }

    private mutating func appendText(_ text: String?) throws(PostgresError) -> Bool {
        guard let text else { return false }
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        guard !bytes[start...].contains(0) else {
            throw PostgresError(.valueRefused, "a text with a NUL character cannot be stored")
        }
        return true
    }

    private mutating func appendJSON(_ text: String?) throws(PostgresError) -> Bool {
        guard text != nil else { return false }
        // The version of the binary format.
        bytes.append(1)
        return try appendText(text)
    }

    private mutating func appendArray<Value>(
        _ values: [Value?],
        of type: PostgresType,
        _ write: (inout ParameterBuffer, Value?) throws(PostgresError) -> Bool
    ) throws(PostgresError) {
        add(integer: Int32(values.isEmpty ? 0 : 1))
        add(integer: Int32(values.contains { $0 == nil } ? 1 : 0))
        add(integer: type.rawValue)
        guard !values.isEmpty else { return }
        guard let count = Int32(exactly: values.count) else {
            throw PostgresError(.valueRefused, "an array has too many elements")
        }
        add(integer: count)
        // Where the server begins to count.
        add(integer: Int32(1))
        for value in values {
            let place = bytes.count
            add(integer: Int32(-1))
            guard try write(&self, value) else { continue }
            guard let length = Int32(exactly: bytes.count - place - 4) else {
                throw PostgresError(.valueRefused, "an element of an array is larger than 2 GiB")
            }
            withUnsafeBytes(of: length.bigEndian) { source in
                for (offset, byte) in source.enumerated() { bytes[place + offset] = byte }
            }
        }
    }

    private mutating func add(_ value: Bool) { bytes.append(value ? 1 : 0) }

    private mutating func add<Integer: FixedWidthInteger>(integer: Integer) {
        withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
