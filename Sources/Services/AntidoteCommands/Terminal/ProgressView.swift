import AntidoteCore

/// Shows the progress of one lab until the stream ends: drawn in place in a terminal, as plain lines elsewhere.
struct ProgressView {
    let console: Console
    let text: ProgressText
    private var shown = ProgressSnapshot(environment: EnvironmentID(unchecked: ""))

    init(console: Console, endpoints: [String]) {
        self.console = console
        text = ProgressText(endpoints: endpoints)
    }

    mutating func show(_ snapshot: ProgressSnapshot) {
        if let note = snapshot.note, note != shown.note { console.say("  \(note)") }
        if console.isInteractive {
            console.draw(text.lines(snapshot))
        } else {
            for name in text.endpoints {
                guard let progress = snapshot.endpoints[name] else { continue }
                let before = shown.endpoints[name].map(ProgressText.kind)
                if before != ProgressText.kind(progress) { console.say("\(name): \(ProgressText.words(progress))") }
            }
        }
        shown = snapshot
    }
}
