/// A binary min-heap.
///
/// Written here because the core has no collections dependency.
package struct Heap<Element: Comparable> {
    private var elements: [Element] = []

    package init() {}

    package init(_ elements: some Sequence<Element>) {
        // A sorted array is a heap.
        self.elements = elements.sorted()
    }

    package var first: Element? { elements.first }
    package var count: Int { elements.count }

    package mutating func insert(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard elements[child] < elements[parent] else { return }
            elements.swapAt(child, parent)
            child = parent
        }
    }

    package mutating func popFirst() -> Element? {
        guard let last = elements.popLast() else { return nil }
        guard let first = elements.first else { return last }
        elements[0] = last
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < elements.count && elements[child] < elements[smallest] {
                smallest = child
            }
            guard smallest != parent else { return first }
            elements.swapAt(parent, smallest)
            parent = smallest
        }
    }
}

extension Heap: Sendable where Element: Sendable {}

/// A min-heap with one entry per key, whose entries can be replaced and removed by their key.
///
/// A replaced or removed entry stays in the heap until it comes up, or until such entries outnumber the others.
package struct KeyedHeap<Key: Hashable, Priority: Comparable> {
    private struct Entry: Comparable {
        var priority: Priority
        var key: Key

        static func < (left: Entry, right: Entry) -> Bool { left.priority < right.priority }
    }

    private var heap = Heap<Entry>()
    private var current: [Key: Priority] = [:]
    private let slack: Int

    /// - Parameter slack: How many outdated entries are kept whatever the number of keys.
    package init(slack: Int) { self.slack = slack }

    /// The number of keys.
    package var count: Int { current.count }

    /// The number of entries in the heap, outdated ones included.
    package var entryCount: Int { heap.count }

    /// Replaces the entry of `key`, or removes it for `nil`.
    package mutating func set(_ priority: Priority?, for key: Key) {
        guard current[key] != priority else { return }
        current[key] = priority
        if let priority { heap.insert(Entry(priority: priority, key: key)) }
        if heap.count > 2 * current.count + slack { heap = Heap(current.map { Entry(priority: $1, key: $0) }) }
    }

    /// The entry with the lowest priority.
    package mutating func first() -> (key: Key, priority: Priority)? {
        while let first = heap.first {
            if current[first.key] == first.priority { return (first.key, first.priority) }
            _ = heap.popFirst()
        }
        return nil
    }

    /// Removes the entry with the lowest priority if `condition` holds for it.
    package mutating func popFirst(where condition: (Priority) -> Bool) -> Key? {
        guard let first = first(), condition(first.priority) else { return nil }
        _ = heap.popFirst()
        current[first.key] = nil
        return first.key
    }
}
