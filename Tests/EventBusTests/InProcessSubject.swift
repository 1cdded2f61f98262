import AntidoteCore
import AntidoteTesting
import Metrics
import MetricsTestKit

/// The core's own bus, as the conformance suite tries it.
struct InProcessSubject: EventBusSubject {
    let name = "in-process"
    let abilities: Set<EventBusAbility> = [.countDrops]

    func world() async throws -> any EventBusWorld {
        let metrics = TestMetrics()
        let bus = withMetricsFactory(metrics) { InProcessBus(limits: limits) }
        return World(metrics: metrics, inner: bus)
    }

    /// All processes are one.
    private struct World: EventBusWorld {
        let metrics: TestMetrics
        let inner: InProcessBus

        func bus() async throws -> any EventBus { inner }
        func droppedMessages() async throws -> Int {
            Int(metrics.counterTotal(label: "antidote_bus_dropped_messages"))
        }
    }
}
