import AntidoteCommands
import ArgumentParser

@main
struct AntidoteScheduler {
    static func main() async { await SchedulerCommand.main() }
}
