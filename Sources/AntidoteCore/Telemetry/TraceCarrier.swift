package import Tracing

/// How the trace of a request travels: in a row, and in the headers of a message.
package enum TraceCarrier {
    /// The trace of this task, as text; empty where there is none, or nobody traces.
    package static var current: [String: String] {
        var carrier: [String: String] = [:]
        if let context = ServiceContext.current {
            InstrumentationSystem.instrument.inject(context, into: &carrier, using: DictionaryInjector())
        }
        return carrier
    }
}

extension ServiceContext {
    /// The context of this task, and with it the trace that `carrier` tells of.
    package static func continuing(_ carrier: [String: String]) -> ServiceContext {
        var context = ServiceContext.current ?? .topLevel
        if !carrier.isEmpty {
            InstrumentationSystem.instrument.extract(carrier, into: &context, using: DictionaryExtractor())
        }
        return context
    }
}

private struct DictionaryInjector: Injector {
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
}

private struct DictionaryExtractor: Extractor {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
}
