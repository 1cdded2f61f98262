import AntidoteCommands
import ArgumentParser

@main
struct AntidoteApi {
    static func main() async { await APICommand.main() }
}
