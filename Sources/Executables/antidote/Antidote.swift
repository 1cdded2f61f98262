import AntidoteCommands
import ArgumentParser

@main
struct Antidote {
    static func main() async { await AntidoteCommand.main() }
}
