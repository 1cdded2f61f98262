import AntidoteCommand
import ArgumentParser

@main
struct AntidoteApi {
    static func main() async { await APICommand.main() }
}
