@main
struct Antidote {
    static func main() async {}
}
