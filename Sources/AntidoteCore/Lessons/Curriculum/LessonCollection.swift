/// Lessons that belong together, such as those of one vendor.
public struct LessonCollection: Sendable, Hashable, Codable {
    /// Who stands behind a collection.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case vendor
        case community
        case consultancy
    }

    public var slug: String
    public var title: String
    /// The address of a picture for the collection.
    public var image: String
    public var website: String
    public var contactEmail: String
    public var briefDescription: String
    public var longDescription: String
    public var kind: Kind
    public var tier: Tier

    public init(
        slug: String,
        title: String,
        image: String = "",
        website: String = "",
        contactEmail: String = "",
        briefDescription: String = "",
        longDescription: String = "",
        kind: Kind = .community,
        tier: Tier = .prod
    ) {
        self.slug = slug
        self.title = title
        self.image = image
        self.website = website
        self.contactEmail = contactEmail
        self.briefDescription = briefDescription
        self.longDescription = longDescription
        self.kind = kind
        self.tier = tier
    }
}
