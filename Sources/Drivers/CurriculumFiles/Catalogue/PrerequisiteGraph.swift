/// Which lessons are to be taken before which.
struct PrerequisiteGraph {
    /// Lessons by slug, each with the slugs of those before it.
    let prerequisites: [String: [String]]

    /// The groups of lessons each of which comes, by some way, before every other of its group and before itself.
    ///
    /// Tarjan's algorithm, with a stack of its own: a chain of lessons may be longer than the program's stack is deep.
    func cycles() -> [[String]] {
        var search = Search(prerequisites: prerequisites)
        for slug in prerequisites.keys.sorted() { search.visit(slug) }
        return search.cycles
    }

    private struct Search {
        private struct Visit {
            var slug: String
            var next = 0
        }

        let prerequisites: [String: [String]]
        var cycles: [[String]] = []
        private var order: [String: Int] = [:]
        private var lowest: [String: Int] = [:]
        private var open: [String] = []
        private var isOpen: Set<String> = []

        init(prerequisites: [String: [String]]) { self.prerequisites = prerequisites }

        mutating func visit(_ start: String) {
            guard order[start] == nil else { return }
            var visits = [begin(start)]
            while let visit = visits.last {
                let neighbours = prerequisites[visit.slug] ?? []
                if visit.next < neighbours.count {
                    visits[visits.count - 1].next += 1
                    let neighbour = neighbours[visit.next]
                    if order[neighbour] == nil {
                        visits.append(begin(neighbour))
                    } else if isOpen.contains(neighbour) {
                        lower(visit.slug, to: order[neighbour])
                    }
                } else {
                    visits.removeLast()
                    if let parent = visits.last { lower(parent.slug, to: lowest[visit.slug]) }
                    if lowest[visit.slug] == order[visit.slug] { close(visit.slug) }
                }
            }
        }

        private mutating func begin(_ slug: String) -> Visit {
            order[slug] = order.count
            lowest[slug] = order[slug]
            open.append(slug)
            isOpen.insert(slug)
            return Visit(slug: slug)
        }

        private mutating func lower(_ slug: String, to value: Int?) {
            if let value, let current = lowest[slug], value < current { lowest[slug] = value }
        }

        private mutating func close(_ slug: String) {
            var group: [String] = []
            while let last = open.popLast() {
                isOpen.remove(last)
                group.append(last)
                if last == slug { break }
            }
            if group.count > 1 || prerequisites[slug]?.contains(slug) == true { cycles.append(group.sorted()) }
        }
    }
}
