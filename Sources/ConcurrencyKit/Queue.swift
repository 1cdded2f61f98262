/// A first-in, first-out queue. Removing the first element moves no other one.
///
/// Written here because the core has no collections dependency.
package struct Queue<Element> {
    private var storage: [Element?] = []
    private var head = 0

    package init() {}

    package var count: Int { storage.count - head }
    package var isEmpty: Bool { count == 0 }

    package var first: Element? { isEmpty ? nil : storage[head] }

    /// The elements in their order.
    package var elements: some Sequence<Element> { storage[head...].lazy.compactMap(\.self) }

    package mutating func append(_ element: Element) { storage.append(element) }

    package mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = storage[head]
        storage[head] = nil
        head += 1
        // Each element is moved at most once per removal.
        if head > 64, head > storage.count / 2 {
            storage.removeFirst(head)
            head = 0
        }
        return element
    }

    /// Removes at most `limit` elements from the front.
    package mutating func popFirst(_ limit: Int) -> [Element] {
        (0..<min(limit, count)).compactMap { _ in popFirst() }
    }

    /// Removes the first element for which `condition` holds, and returns it.
    package mutating func removeFirst(where condition: (Element) -> Bool) -> Element? {
        let found = storage[head...].firstIndex { element in element.map(condition) ?? false }
        guard let index = found else { return nil }
        return index == head ? popFirst() : storage.remove(at: index)
    }

    package mutating func removeAll(where condition: (Element) -> Bool) {
        storage = storage[head...].filter { element in !(element.map(condition) ?? true) }
        head = 0
    }

    /// Removes and returns all elements.
    package mutating func popAll() -> [Element] { popFirst(count) }
}

extension Queue: Sendable where Element: Sendable {}
