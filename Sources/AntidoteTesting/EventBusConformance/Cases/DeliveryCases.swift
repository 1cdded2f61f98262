import AntidoteCore

extension EventBusCase {
    static let deliveryCases: [EventBusCase] = [
        EventBusCase(.delivery, "everybody", "every plain subscriber of every process hears every message") { scene in
            let (one, other) = (try await scene.bus(), try await scene.bus())
            try await scene.listening([(one, "a.b", nil), (one, "a.*", nil), (other, "a.b", nil), (other, ">", nil)]) {
                listeners in
                for number in 1...3 { try await one.publish(scene.message("a.b", "\(number)")) }
                for listener in listeners { try await listener.hears(3) }
                // Of two publishers there would be no order.
                for number in 4...6 { try await other.publish(scene.message("a.b", "\(number)")) }
                for listener in listeners {
                    try await listener.hears(6)
                    try require(listener.texts, is: (1...6).map(String.init), "what a subscriber heard")
                }
            }
        },
        EventBusCase(.delivery, "wildcards", "“*” stands for one word, “>” for one or more at the end") { scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            let subjects = ["a.c", "a.b.c", "a.x.c", "a.b.b.c", "a.b.d", "b.b.c", "a.b"]
            try await scene.listening([(bus, "a.*.c", nil), (bus, "a.b.>", nil), (bus, "*.*", nil)]) { listeners in
                for subject in subjects { try await sender.publish(scene.message(subject, subject)) }
                for subject in ["a.z.c", "a.b.z", "z.z"] { try await sender.publish(scene.message(subject, "end")) }
                for listener in listeners { try await listener.hears(last: "end") }
                try require(listeners[0].texts, is: ["a.b.c", "a.x.c", "end"], "what “a.*.c” matched")
                try require(listeners[1].texts, is: ["a.b.c", "a.b.b.c", "a.b.d", "end"], "what “a.b.>” matched")
                try require(listeners[2].texts, is: ["a.c", "a.b", "end"], "what “*.*” matched")
            }
        },
        EventBusCase(.delivery, "outside", "nothing outside of the pattern is heard") { scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            try await scene.listening(bus, "a.b") { listener in
                for subject in ["a", "a.b.c", "a.bb", "A.b", "b.a", "aa.b", "a.B"] {
                    try await sender.publish(scene.message(subject, subject))
                }
                try await sender.publish(scene.message("a.b", "end"))
                try await listener.hears(last: "end")
                try require(listener.texts, is: ["end"], "what was heard")
            }
        },
        EventBusCase(.delivery, "instances", "what concerns another instance is not heard") { scene in
            let (own, other) = (InstanceID(unchecked: "one"), InstanceID(unchecked: "one-b"))
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            let (ours, theirs) = (Subjects(instance: own), Subjects(instance: other))
            try await scene.listening(bus, ours.all().description) { listener in
                for kind in EnvironmentEvent.Kind.allCases {
                    try await sender.publish(scene.message(theirs.event(kind), "theirs"))
                }
                try await sender.publish(scene.message(theirs.progress(), "theirs"))
                try await sender.publish(scene.message(ours.wake(.scheduler), "wake"))
                try await sender.publish(scene.message(ours.event(.ready), "ours"))
                try await sender.publish(scene.message(ours.progress(), "end"))
                try await listener.hears(last: "end")
                try require(listener.texts, is: ["ours", "end"], "what was heard")
            }
        },
        EventBusCase(.delivery, "live", "what another process publishes after the subscription's body began is heard") {
            scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            for number in 1...30 {
                try await scene.listening(bus, "a.\(number)") { listener in
                    try await sender.publish(scene.message("a.\(number)", "\(number)"))
                    try await sender.publish(scene.message("a.\(number)", "end"))
                    try await listener.hears(last: "end")
                    try require(listener.texts, is: ["\(number)", "end"], "what was heard at once")
                }
            }
        },
        EventBusCase(.delivery, "order", "messages of one publisher come in order, each once") { scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            let count = min(500, scene.limits.pendingMessages)
            try await scene.listening(bus, "a.*") { listener in
                for number in 1...count { try await sender.publish(scene.message("a.\(number % 3)", "\(number)")) }
                try await listener.hears(count)
                try require(listener.texts, is: (1...count).map(String.init), "the order")
            }
        },
        EventBusCase(.delivery, "many", "a hundred subscriptions of one process hear what is meant for each") { scene in
            let (bus, sender) = (try await scene.bus(), try await scene.bus())
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (ready, signal) = AsyncStream.makeStream(of: Void.self)
                for number in 1...100 {
                    group.addTask {
                        try await scene.listening(bus, "many.\(number)") { listener in
                            signal.yield()
                            try await listener.hears(2)
                            try require(listener.texts, is: ["\(number)", "end"], "what number \(number) heard")
                        }
                    }
                }
                var count = 0
                for await _ in ready {
                    count += 1
                    if count == 100 { break }
                }
                for text in [nil, "end"] {
                    for number in 1...100 {
                        try await sender.publish(scene.message("many.\(number)", text ?? "\(number)"))
                    }
                }
                try await group.waitForAll()
            }
        },
    ]
}
