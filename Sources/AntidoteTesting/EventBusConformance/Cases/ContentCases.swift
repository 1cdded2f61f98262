import AntidoteCore

extension EventBusCase {
    static let contentCases: [EventBusCase] = [
        EventBusCase(.content, "bytes", "a payload arrives as it was sent: none, any bytes, as many as are allowed") {
            scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            let largest = (0..<scene.limits.payloadBytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            let payloads: [[UInt8]] = [
                [], [0], Array(0...255), Array("größer: 🧪\r\nMSG a 1 2\r\n".utf8), largest, Array("end".utf8),
            ]
            try await scene.listening(bus, "a.*") { listener in
                for payload in payloads { try await sender.publish(BusMessage(subject: "a.b", payload: payload)) }
                try await listener.hears(payloads.count)
                for (heard, sent) in zip(listener.heard, payloads) {
                    try require(heard.subject, is: "a.b", "the subject")
                    try require(heard.payload == sent, "of \(sent.count) bytes, \(heard.payload.count) came, or others")
                }
            }
        },
        EventBusCase(.content, "headers", "headers arrive as they were sent, with a payload and without") { scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            let headers = [
                "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "tracestate": "a=1,b=2:3; c d", "X-Case": "Kept", "x-case": "apart",
            ]
            try await scene.listening(bus, "a") { listener in
                try await sender.publish(scene.message("a", "", headers))
                try await sender.publish(scene.message("a", "text", headers))
                try await sender.publish(scene.message("a", "none"))
                try await listener.hears(3)
                try require(listener.heard.map(\.headers), is: [headers, headers, [:]], "the headers")
                try require(listener.texts, is: ["", "text", "none"], "the payloads")
            }
        },
        EventBusCase(.content, "bad-headers", "headers that no bus carries are left out, and their message arrives") {
            scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            let bad = [
                "": "nameless", "a b": "blank", "a:b": "colon", "line\r\nbreak": "name", "break": "1\r\nInjected: 2",
                "empty": "", "accent": "größe", "edge": " x", "zero": "a\u{0}b",
                "large": String(repeating: "x", count: scene.limits.headerBytes),
            ]
            let many = Dictionary(uniqueKeysWithValues: (0...scene.limits.headers).map { ("h-\(1000 + $0)", "x") })
            try await scene.listening(bus, "a") { listener in
                try await sender.publish(scene.message("a", "bad", bad.merging(["good": "kept"]) { $1 }))
                try await sender.publish(scene.message("a", "many", many))
                try await listener.hears(2)
                try require(listener.texts, is: ["bad", "many"], "the payloads")
                try require(listener.heard[0].headers, is: ["good": "kept"], "what is left of bad headers")
                try require(listener.heard[1].headers.count, is: scene.limits.headers, "how many are left of too many")
            }
        },
        EventBusCase(.content, "too-large", "a payload beyond the limit is refused by name, and does no harm") {
            scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            try await scene.listening(bus, "a") { listener in
                let message = BusMessage(
                    subject: "a",
                    payload: .init(repeating: 1, count: scene.limits.payloadBytes + 1)
                )
                try await requireError(.messageRefused, from: "too large a message") {
                    try await sender.publish(message)
                }
                try await sender.publish(scene.message("a", "end"))
                try await listener.hears(last: "end")
                try require(listener.texts, is: ["end"], "what was heard")
            }
        },
        EventBusCase(.content, "subjects", "a subject, a pattern or a queue that breaks the rule is refused by name") {
            scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            let never = [
                "", ".", "a.", ".a", "a..b", "a b", " a", "a\r\nPUB b 0\r\n", "a\tb", "a\u{0}b", "grö.ße", "a.b*",
                "a*.b",
                "a>", ">.a", String(repeating: "a.", count: 127) + "aa",
            ]
            try await scene.listening(bus, ">") { listener in
                for subject in never + ["*", ">", "a.*", "a.>"] {
                    try await requireError(.messageRefused, from: "the subject \(subject.debugDescription)") {
                        try await sender.publish(scene.message(subject, "refused"))
                    }
                }
                for pattern in never {
                    try await requireError(.messageRefused, from: "the pattern \(pattern.debugDescription)") {
                        try await scene.listening(bus, pattern) { _ in }
                    }
                }
                for queue in ["", "a b", "a\r\nb", "q.*"] {
                    try await requireError(.messageRefused, from: "the queue \(queue.debugDescription)") {
                        try await scene.listening(bus, "a", queue: queue) { _ in }
                    }
                }
                let longest = String(repeating: "a.", count: 127) + "a"
                for subject in [longest, "$a!\"#%&/()=?.~_-", "end"] {
                    try await sender.publish(scene.message(subject, subject))
                }
                try await listener.hears(last: "end")
                try require(listener.texts, is: [longest, "$a!\"#%&/()=?.~_-", "end"], "what was heard")
            }
        },
        EventBusCase(
            .content,
            "strangers",
            "what a stranger sends, however wrong, ends no subscription; what is too large is counted and left out",
            needs: [.sendRaw, .countDrops]
        ) { scene in
            let bus = try await scene.bus()
            let head = Array("NATS/1.0\r\n".utf8)
            let blocks: [[UInt8]] = [
                Array("garbage".utf8), head + Array("no colon\r\n\r\n".utf8),
                head + Array(" folded: first\r\n\r\n".utf8),
                head + Array("a:\r\n\r\n".utf8), head + Array("a: b".utf8), Array("NATS/1.0 503\r\n\r\n".utf8),
                head + [0xFF, 0xFE, 0x3A, 0x20, 0xC3, 0x28, 0x0D, 0x0A, 0x0D, 0x0A],
                head + Array(repeating: 0, count: 64),
                head + Array(repeating: UInt8(ascii: ":"), count: 200) + Array("\r\n\r\n".utf8),
                head + Array(String(repeating: "a: b\r\n", count: 50_000).utf8) + Array("\r\n".utf8),
                head + Array(("a: b\r\n" + String(repeating: " c\r\n", count: 50_000) + "\r\n").utf8),
            ]
            try await scene.listening(bus, "a.>") { listener in
                for (number, block) in blocks.enumerated() {
                    try await scene.world.sendRaw("a.b", headers: block, payload: Array("x: \(number)\r\n".utf8))
                }
                let tooLarge = [UInt8](repeating: 1, count: scene.limits.payloadBytes + 1)
                try await scene.world.sendRaw("a.b", headers: [], payload: tooLarge)
                try await scene.world.sendRaw(
                    "a.b",
                    headers: head + Array("k: v\r\n\r\n".utf8),
                    payload: Array("end".utf8)
                )
                try await listener.hears(last: "end")
                try require(listener.heard.last?.headers ?? [:], is: ["k": "v"], "the headers of a legal message")
                for (number, heard) in listener.heard.dropLast().enumerated() {
                    try require(heard.payload, is: Array("x: \(number)\r\n".utf8), "the payload of message \(number)")
                    try require(heard.headers.count <= scene.limits.headers, "message \(number) has too many headers")
                }
                try require(listener.heard.count, is: blocks.count + 1, "how many were heard")
                try require(try await scene.world.droppedMessages(), is: 1, "how many were counted as left out")
            }
        },
    ]
}
