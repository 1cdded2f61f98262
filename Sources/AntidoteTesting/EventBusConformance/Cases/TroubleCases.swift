import AntidoteCore

extension EventBusCase {
    /// How long a bus may take to say that it cannot.
    private static let soon = Duration.seconds(3)

    static let troubleCases: [EventBusCase] = [
        EventBusCase(
            .trouble,
            "restart",
            "subscriptions live on when the server was restarted",
            needs: [.restartServer]
        ) { scene in
            try await livesOn(scene) {
                try await scene.world.stopServer()
                try await scene.world.startServer()
            }
        },
        EventBusCase(.trouble, "cut", "subscriptions live on when connections broke", needs: [.cutConnections]) {
            scene in
            try await livesOn(scene) { try await scene.world.cutConnections() }
        },
        EventBusCase(
            .trouble,
            "gone",
            "publishing without a server fails soon and by name, works again with one, and nothing is sent late",
            needs: [.restartServer]
        ) { scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            try await scene.listening(bus, "a") { listener in
                try await sender.publish(scene.message("a", "before"))
                try await listener.hears(last: "before")
                try await scene.world.stopServer()
                for _ in 1...3 { try await fails(scene) { try await sender.publish(scene.message("a", "lost")) } }
                try await scene.world.startServer()
                // What is sent late must find somebody who listens again.
                try await reach(listener, from: try await scene.bus(), scene)
                try await scene.publishWhenThere(scene.message("a", "end"), on: sender)
                try await listener.hears(last: "end")
                try require(!listener.texts.contains("lost"), "what had failed was sent later")
            }
        },
        EventBusCase(
            .trouble,
            "frozen",
            "publishing to a server that says nothing fails soon and by name, and later works",
            needs: [.restartServer]
        ) { scene in
            let sender = try await scene.bus()
            try await sender.publish(scene.message("a", "before"))
            try await scene.world.freezeServer()
            for _ in 1...3 { try await fails(scene) { try await sender.publish(scene.message("a", "lost")) } }
            try await scene.world.stopServer()
            try await scene.world.startServer()
            try await scene.publishWhenThere(scene.message("a", "after"), on: sender)
        },
        EventBusCase(
            .trouble,
            "deaf",
            "subscribing without a server fails soon and by name, and works again with one",
            needs: [.restartServer]
        ) { scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            try await scene.world.stopServer()
            try await fails(scene) {
                try await bus.withSubscription(to: SubjectPattern("a"), queue: nil) { _ in }
            }
            try await scene.world.startServer()
            try await scene.publishWhenThere(scene.message("b", ""), on: bus)
            try await scene.listening(bus, "a") { try await reach($0, from: sender, scene) }
        },
    ]

    private static func fails(_ scene: EventBusScene, _ act: () async throws -> Void) async throws {
        let (time, error) = await scene.duration(act)
        let code = (error as? AntidoteError)?.code
        try require(
            code == .busUnavailable || code == .deadlineExceeded,
            "wanted the error busUnavailable or deadlineExceeded, found \(error.map { "\($0)" } ?? "none")"
        )
        try require(time < soon, "it took \(time) to say that there is no server")
    }

    private static func livesOn(
        _ scene: EventBusScene,
        _ disturb: @escaping @Sendable () async throws -> Void
    ) async throws {
        let (bus, sender) = (try await scene.bus(), try await scene.bus())
        try await scene.listening([(bus, "a", nil), (bus, "a", "q"), (bus, "*", nil)]) { listeners in
            try await sender.publish(scene.message("a", "before"))
            for listener in listeners { try await listener.hears(last: "before") }
            for _ in 1...2 {
                try await disturb()
                for listener in listeners { try await reach(listener, from: sender, scene) }
            }
        }
    }

    /// Publishes until it is heard: the one who listens may come back later than the one who speaks.
    private static func reach(_ listener: Listener, from sender: any EventBus, _ scene: EventBusScene) async throws {
        let before = listener.heard.count
        while listener.heard.count == before {
            try await scene.publishWhenThere(scene.message("a", "after"), on: sender)
            try await scene.time.sleep(.milliseconds(20))
        }
    }
}
