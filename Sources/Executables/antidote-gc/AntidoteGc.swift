import AntidoteCommands
import ArgumentParser

@main
struct AntidoteGc {
    static func main() async { await CollectorCommand.main() }
}
