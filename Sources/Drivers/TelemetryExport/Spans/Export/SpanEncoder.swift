import AntidoteCore
import Tracing

/// Spans as OpenTelemetry's JSON: ids in hexadecimal, 64-bit numbers and times as strings, enumerations as numbers.
struct SpanEncoder: Sendable {
    private let resource: TelemetryResource
    private let limits: SpanLimits

    /// No attribute's name is longer, in bytes.
    private static let longestKey = 256

    init(resource: TelemetryResource, limits: SpanLimits) {
        self.resource = resource
        self.limits = limits
    }

    /// The body of a request of `/v1/traces`.
    func body(_ spans: [FinishedSpan]) -> [UInt8] {
        var json = JSONText(escaping: .inert, reserving: 1024 + 512 * spans.count)
        json.object { json in
            list("resourceSpans", &json) { json in
                json.object { json in
                    json.key("resource")
                    json.object { list("attributes", &$0, writeResource) }
                    list("scopeSpans", &json) { json in
                        json.object { json in
                            json.key("scope")
                            json.object { json in
                                json.add("name", "antidote")
                                json.add("version", resource.serviceVersion)
                            }
                            list("spans", &json) { json in
                                for span in spans { write(span, to: &json) }
                            }
                        }
                    }
                }
            }
        }
        return json.bytes
    }

    private func writeResource(to json: inout JSONText) {
        var attributes = resource.attributes
        attributes["service.name"] = resource.serviceName
        attributes["service.version"] = resource.serviceVersion
        attributes["service.instance.id"] = resource.serviceInstance
        attributes["antidote.instance"] = resource.instance
        // As they are: they are our own, and the limits are those of spans.
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            json.object { json in
                json.add("key", name)
                json.key("value")
                json.object { $0.add("stringValue", value) }
            }
        }
    }

    private func write(_ span: FinishedSpan, to json: inout JSONText) {
        json.object { json in
            json.add("traceId", span.context.traceID.description)
            json.add("spanId", span.context.spanID.description)
            if !span.context.state.isEmpty { json.add("traceState", span.context.state.description) }
            if let parent = span.parent { json.add("parentSpanId", parent.spanID.description) }
            json.add("flags", flags(span.context, isRemote: span.parent?.isRemote ?? false))
            json.add("name", span.name.clipped(to: limits.valueBytes))
            json.add("kind", span.kind.number)
            json.add("startTimeUnixNano", String(span.start))
            json.add("endTimeUnixNano", String(span.end))
            write(span.attributes, to: &json)
            list("events", &json) { json in
                for event in span.events { write(event, to: &json) }
            }
            if span.droppedEvents > 0 { json.add("droppedEventsCount", UInt32(clamping: span.droppedEvents)) }
            list("links", &json) { json in
                for link in span.links { write(link, to: &json) }
            }
            if span.droppedLinks > 0 { json.add("droppedLinksCount", UInt32(clamping: span.droppedLinks)) }
            json.key("status")
            json.object { json in
                guard let status = span.status else { return }
                if let message = status.message { json.add("message", message.clipped(to: limits.valueBytes)) }
                json.add("code", status.code == .ok ? 1 : 2)
            }
        }
    }

    private func write(_ event: FinishedSpan.Event, to json: inout JSONText) {
        json.object { json in
            json.add("timeUnixNano", String(event.nanoseconds))
            json.add("name", event.name.clipped(to: limits.valueBytes))
            write(event.attributes, to: &json)
        }
    }

    private func write(_ link: FinishedSpan.Link, to json: inout JSONText) {
        json.object { json in
            json.add("traceId", link.context.traceID.description)
            json.add("spanId", link.context.spanID.description)
            if !link.context.state.isEmpty { json.add("traceState", link.context.state.description) }
            write(link.attributes, to: &json)
            json.add("flags", flags(link.context, isRemote: link.context.isRemote))
        }
    }

    private func write(_ attributes: BoundedAttributes, to json: inout JSONText) {
        list("attributes", &json) { json in
            for (name, value) in attributes.sorted { write(name, value, to: &json) }
        }
        if attributes.dropped > 0 { json.add("droppedAttributesCount", UInt32(clamping: attributes.dropped)) }
    }

    private func write(_ name: String, _ value: SpanAttribute, to json: inout JSONText) {
        json.object { json in
            json.add("key", name.clipped(to: Self.longestKey))
            json.key("value")
            write(value, to: &json)
        }
    }

    private func write(_ value: SpanAttribute, to json: inout JSONText) {
        switch value {
        case .int32(let number): write(.int64(Int64(number)), to: &json)
        case .int64(let number): json.object { $0.add("intValue", String(number)) }
        case .double(let number):
            json.object { json in
                json.key("doubleValue")
                json.protobuf(number)
            }
        case .bool(let flag):
            json.object { json in
                json.key("boolValue")
                json.boolean(flag)
            }
        case .string(let text): json.object { $0.add("stringValue", text.clipped(to: limits.valueBytes)) }
        case .stringConvertible(let value): write(.string("\(value)"), to: &json)
        case .int32Array(let numbers): write(numbers.map { .int64(Int64($0)) }, to: &json)
        case .int64Array(let numbers): write(numbers.map { .int64($0) }, to: &json)
        case .doubleArray(let numbers): write(numbers.map { .double($0) }, to: &json)
        case .boolArray(let flags): write(flags.map { .bool($0) }, to: &json)
        case .stringArray(let texts): write(texts.map { .string($0) }, to: &json)
        // The library files lists of Int under this kind.
        case .stringConvertibleArray(let values):
            write(values.map { ($0 as? Int).map { .int64(Int64($0)) } ?? .string("\($0)") }, to: &json)
        // The library asks to be prepared for more kinds; an empty value is a valid one.
        default: json.object { _ in }
        }
    }

    private func write(_ values: [SpanAttribute], to json: inout JSONText) {
        json.object { json in
            json.key("arrayValue")
            json.object { json in
                list("values", &json) { json in
                    for value in values.prefix(limits.elements) { write(value, to: &json) }
                }
            }
        }
    }

    private func list(_ name: String, _ json: inout JSONText, _ fill: (inout JSONText) -> Void) {
        json.key(name)
        json.array(fill)
    }

    /// W3C's flags, and whether the span that is pointed at is in another process, which the ninth bit says is known.
    private func flags(_ context: TraceContext, isRemote: Bool) -> UInt32 {
        UInt32(context.flags) | 0x100 | (isRemote ? 0x200 : 0)
    }
}

extension JSONText {
    /// A number; a value that JSON has no number for is the string of Protocol Buffers' mapping.
    fileprivate mutating func protobuf(_ number: Double) {
        if number.isFinite { return self.number(number) }
        string(number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity")
    }
}

extension SpanKind {
    fileprivate var number: Int {
        switch self {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}
