import AntidoteCommand

@main
struct Antidote {
    static func main() async { await AntidoteCommand.main() }
}
