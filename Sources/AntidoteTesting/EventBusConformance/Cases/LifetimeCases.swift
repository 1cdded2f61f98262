import AntidoteCore

extension EventBusCase {
    static let lifetimeCases: [EventBusCase] = [
        EventBusCase(
            .lifetime,
            "end",
            "when the body has ended, so has the stream, and its result or its error is told"
        ) {
            scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            let (stream, value) = try await bus.withSubscription(to: SubjectPattern("a"), queue: nil) { ($0, 42) }
            try require(value, is: 42, "what the body returned")
            try await sender.publish(scene.message("a", "late"))
            var heard: [BusMessage] = []
            for await message in stream { heard.append(message) }
            try require(heard, is: [], "what was heard after the end")
            struct Own: Error {}
            do {
                try await bus.withSubscription(to: SubjectPattern("a"), queue: nil) { _ in throw Own() }
                throw ConformanceFailure(description: "the error of the body was lost")
            } catch is Own {}
        },
        EventBusCase(
            .lifetime,
            "cancelled-subscriber",
            "a subscriber that is cancelled ends soon, and its stream as well"
        ) {
            scene in
            let bus = try await scene.bus()
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            // Unstructured, because it is to be cancelled alone.
            let task = Task {
                try await bus.withSubscription(to: SubjectPattern("a"), queue: nil) { stream in
                    begin.finish()
                    for await _ in stream {}
                }
            }
            for await _ in begun {}
            task.cancel()
            let (time, error) = await scene.duration { try await task.value }
            try require(
                error == nil || error is CancellationError,
                "a cancelled subscriber met \(String(describing: error))"
            )
            try require(time < .seconds(1), "a cancelled subscriber went on for \(time)")
        },
        EventBusCase(.lifetime, "again-and-again", "subscriptions that came and went leave nothing behind") { scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            for number in 1...200 {
                try await scene.listening(bus, "a", queue: number % 2 == 0 ? "q" : nil) { _ in }
            }
            try await scene.listening([(bus, "a", "q"), (bus, "a", nil)]) { listeners in
                for number in 1...20 { try await sender.publish(scene.message("a", "\(number)")) }
                for listener in listeners {
                    try await listener.hears(20)
                    try require(listener.texts, is: (1...20).map(String.init), "what the last ones heard")
                }
            }
        },
        EventBusCase(
            .lifetime,
            "cancelled-publisher",
            "a publisher that is cancelled waits no longer for a server that says nothing",
            needs: [.restartServer]
        ) { scene in
            let bus = try await scene.bus()
            try await bus.publish(scene.message("a", "before"))
            try await scene.world.freezeServer()
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                begin.finish()
                try await bus.publish(scene.message("a", "never"))
            }
            for await _ in begun {}
            try await scene.time.sleep(.milliseconds(50))
            task.cancel()
            let (time, error) = await scene.duration { try await task.value }
            try require(error is CancellationError, "a cancelled publisher ended with \(String(describing: error))")
            try require(time < .milliseconds(500), "a cancelled publisher waited for \(time)")
        },
    ]
}
