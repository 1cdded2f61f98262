import Testing

/// What may happen to a real engine, and to what is at it.
@Suite("Faults", .fewAtOnce, .timeLimit(.minutes(10)))
enum Faults {}
