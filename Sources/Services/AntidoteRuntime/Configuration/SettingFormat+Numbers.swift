import AntidoteCore
import Configuration

extension SettingFormat<Int> {
    static func integer(_ range: ClosedRange<Int>) -> Self {
        let expectation = "a number from \(range.lowerBound) to \(range.upperBound)"
        return Self(
            expectation: expectation,
            read: { reader, key in
                let value = try reader.requiredInt(forKey: key)
                guard range.contains(value) else { throw AntidoteError.unusable("\(value)", expectation) }
                return value
            },
            write: { "\($0)" }
        )
    }
}

extension SettingFormat<Int?> {
    /// A limit; 0 disables it.
    static var limit: Self {
        let number = SettingFormat<Int>.integer(0...1_000_000_000)
        return Self(
            expectation: number.expectation,
            read: { reader, key in
                let value = try number.read(reader, key)
                return value == 0 ? nil : value
            },
            write: { number.write($0 ?? 0) }
        )
    }
}

extension SettingFormat<Double> {
    static var ratio: Self {
        let expectation = "a number from 0 to 1"
        return Self(
            expectation: expectation,
            read: { reader, key in
                let value = try reader.requiredDouble(forKey: key)
                guard (0...1).contains(value) else { throw AntidoteError.unusable("\(value)", expectation) }
                return value
            },
            write: { "\($0)" }
        )
    }
}

extension SettingFormat<Duration> {
    static var seconds: Self { seconds(upTo: 1_000_000) }

    static func seconds(upTo longest: Int) -> Self {
        Self(
            expectation: "a number of seconds",
            read: { reader, key in
                let value = try reader.requiredInt(forKey: key)
                guard (1...longest).contains(value) else {
                    throw AntidoteError(.configurationInvalid, "\(value) is not a sensible number of seconds")
                }
                return .seconds(value)
            },
            write: { "\($0.components.seconds)" }
        )
    }
}

extension SettingFormat<Duration?> {
    /// A number of minutes; 0 means that the time never ends.
    static var minutes: Self {
        let number = SettingFormat<Int>.integer(0...5_000_000)
        return Self(
            expectation: number.expectation,
            read: { reader, key in
                let value = try number.read(reader, key)
                return value == 0 ? nil : .seconds(value * 60)
            },
            write: { number.write($0.map { Int($0.components.seconds / 60) } ?? 0) }
        )
    }
}

extension AntidoteError {
    fileprivate static func unusable(_ value: String, _ expectation: String) -> AntidoteError {
        AntidoteError(.configurationInvalid, "“\(value.prefix(64))” is not \(expectation)")
    }
}
