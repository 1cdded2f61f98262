extension Rule {
    static let collectionSlugInvalid = error(
        "collection-slug-invalid",
        "A collection's slug cannot be part of an address.",
        advice: "Use small letters, digits and hyphens, beginning and ending with a letter or digit; at most 63."
    )
    static let collectionSlugDuplicate = error(
        "collection-slug-duplicate",
        "Two collections have one slug; the first counts.",
        advice: "Give one of them another slug."
    )
    static let imageSlugInvalid = error(
        "image-slug-invalid",
        "An image's slug cannot be part of an image's name.",
        advice: "Use letters, digits and hyphens, beginning and ending with a letter or digit; at most 63."
    )
    static let imageSlugUppercase = warning(
        "image-slug-uppercase",
        "An image's slug has capital letters, which registries do not allow in a name.",
        advice: "Use small letters, in the slug and in the endpoints that use it."
    )
    static let imageSlugDuplicate = error(
        "image-slug-duplicate",
        "Two images have one slug; the first counts.",
        advice: "Give one of them another slug."
    )
    static let interfaceNameInvalid = error(
        "interface-name-invalid",
        "A network interface cannot have this name, or must not.",
        advice: "Use 1 to 15 letters, digits, `.`, `_` or `-`; `lo` and `eth0` belong to the lab."
    )
    static let interfaceNameDuplicate = error(
        "interface-name-duplicate",
        "An image names an interface twice.",
        advice: "Give each interface a name of its own."
    )

    static let catalogueRules = [
        collectionSlugInvalid, collectionSlugDuplicate, imageSlugInvalid, imageSlugUppercase, imageSlugDuplicate,
        interfaceNameInvalid, interfaceNameDuplicate,
    ]
}
