import Testing

@testable import DockerBackend

@Suite("Names of images")
struct ImageNameTests {
    @Test(
        "what an engine could have is legal",
        arguments: [
            "debian", "debian:12", "library/debian", "antidotelabs/gate:0.1.0", "ghcr.io/org/team/image:v1.2-rc_3",
            "localhost:5000/box", "127.0.0.1:5000/private/box:1", "registry.example/a__b/c-d.e",
            "box@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "host:1/box:tag@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        ]
    )
    func legal(_ reference: String) { #expect(ImageName.isLegal(reference)) }

    @Test(
        "what would break out of a request, or be no image, is not",
        arguments: [
            "", " ", "a b", "a\nb", "Not An Image/../:::", "../etc", "a/../b", "a//b", "/a", "a/", "a:", "a@", "a?x=1",
            "a#b", "a%2fb", "Debian", "a@sha256:short", "a:tag:tag", "ü", "-a", "host:99999999/a b",
            String(repeating: "a", count: 513),
        ]
    )
    func illegal(_ reference: String) { #expect(!ImageName.isLegal(reference)) }
}
