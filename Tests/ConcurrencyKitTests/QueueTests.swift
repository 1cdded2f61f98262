import AntidoteCore
import ConcurrencyKit
import Testing

@Suite struct QueueTests {
    @Test func aHeapGivesEverythingInOrder() {
        let random = RandomSource.seeded(7)
        var heap = Heap<UInt64>()
        let numbers = (0..<500).map { _ in random.next() % 100 }
        for number in numbers { heap.insert(number) }
        var popped: [UInt64] = []
        while let number = heap.popFirst() { popped.append(number) }
        #expect(popped == numbers.sorted())
    }

    @Test func `a keyed heap skips replaced and removed entries`() {
        var heap = KeyedHeap<String, Int>(slack: 4)
        for (key, priority) in [("a", 3), ("b", 1), ("c", 2), ("b", 4)] { heap.set(priority, for: key) }
        heap.set(nil, for: "c")
        #expect(heap.count == 2)
        let popped = [heap.popFirst { $0 > 3 }, heap.popFirst { _ in true }, heap.popFirst { _ in true }]
        #expect(popped == [nil, "a", "b"])
        let rest = heap.first()?.key
        #expect(rest == nil)
        for round in 0..<1000 { heap.set(round, for: "a") }
        #expect(heap.entryCount < 10)
    }

    @Test func `a queue keeps its order while elements come and go`() {
        let random = RandomSource.seeded(11)
        var queue = Queue<Int>()
        var model: [Int] = []
        for number in 0..<5000 {
            switch random.next() % 5 {
            case 0, 1, 2:
                queue.append(number)
                model.append(number)
            case 3:
                let (popped, expected) = (queue.popFirst(), model.isEmpty ? nil : model.removeFirst())
                #expect(popped == expected)
            default:
                let wanted = Int(random.next() % 5000)
                let index = model.firstIndex { $0 >= wanted }
                let removed = queue.removeFirst { $0 >= wanted }
                let expected = index.map { model.remove(at: $0) }
                #expect(removed == expected)
            }
            #expect(queue.count == model.count && queue.first == model.first)
        }
        queue.removeAll { $0 % 2 == 0 }
        model.removeAll { $0 % 2 == 0 }
        #expect(Array(queue.elements) == model)
        let parts = [queue.popFirst(3), queue.popAll()]
        #expect(parts == [Array(model.prefix(3)), Array(model.dropFirst(3))])
        #expect(queue.isEmpty)
    }
}
