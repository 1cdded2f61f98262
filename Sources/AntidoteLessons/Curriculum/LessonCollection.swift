/// Lessons that belong together, such as those of one vendor.
public struct LessonCollection: Sendable, Hashable, Codable {
    /// Who stands behind a collection.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A company, about its products.
        case vendor
        /// People, about what they care for.
        case community
        /// Those who teach for a living.
        case consultancy
    }

    /// The collection's name in addresses; unique in the curriculum.
    public var slug: String
    /// Its name for people.
    public var title: String
    /// The address of a picture for the collection.
    public var image: String
    /// The address of its website; empty where there is none.
    public var website: String
    /// Whom to write to; empty where nobody is named.
    public var contactEmail: String
    /// The collection in a sentence.
    public var briefDescription: String
    /// What it has to offer.
    public var longDescription: String
    /// Who stands behind it.
    public var kind: Kind
    /// Who sees it.
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
