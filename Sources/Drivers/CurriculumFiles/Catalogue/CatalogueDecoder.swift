import AntidoteCore
import AntidoteLessons

/// Reads what the small files of a curriculum say: about itself, its collections and its images.
struct CatalogueDecoder {
    var findings: Findings

    mutating func curriculum(_ node: YAMLNode) -> CurriculumInfo {
        guard let fields = FieldReader(node, as: CurriculumFields.shape, findings: &findings) else {
            return CurriculumInfo()
        }
        return CurriculumInfo(
            name: fields.text(CurriculumFields.name, &findings)?.value ?? "",
            description: fields.text(CurriculumFields.description, &findings)?.value ?? "",
            website: fields.text(CurriculumFields.website, &findings)?.value ?? "",
            antidoteVersion: fields.text(CurriculumFields.aVer, &findings)?.value ?? "",
            gitRoot: fields.text(CurriculumFields.gitRoot, &findings)?.value ?? ""
        )
    }

    /// The collection, and the place of its slug.
    mutating func collection(_ node: YAMLNode) -> Located<LessonCollection>? {
        guard let fields = FieldReader(node, as: CollectionFields.shape, findings: &findings) else { return nil }
        let slug = fields.text(CollectionFields.slug, &findings)
        let title = fields.text(CollectionFields.title, &findings)
        let kind = fields.choice(CollectionFields.type, &findings)
        let tier = fields.choice(CollectionFields.tier, &findings)
        let briefDescription = fields.text(CollectionFields.briefDescription, &findings)?.value ?? ""
        let longDescription = fields.text(CollectionFields.longDescription, &findings)?.value ?? ""
        guard let slug, let title, let kind, let tier else { return nil }
        let collection = LessonCollection(
            slug: slug.value,
            title: title.value,
            image: fields.text(CollectionFields.image, &findings)?.value ?? "",
            website: fields.text(CollectionFields.website, &findings)?.value ?? "",
            contactEmail: fields.text(CollectionFields.contactEmail, &findings)?.value ?? "",
            briefDescription: briefDescription,
            longDescription: longDescription,
            kind: kind.value,
            tier: tier.value
        )
        return Located(value: collection, location: slug.location)
    }

    /// The image, and the place of its slug.
    mutating func image(_ node: YAMLNode) -> Located<ImageDefinition>? {
        guard let fields = FieldReader(node, as: ImageFields.shape, findings: &findings) else { return nil }
        let slug = fields.text(ImageFields.slug, &findings)
        if let slug, slug.value != slug.value.lowercased(), NamePattern.imageSlug.accepts(slug.value) {
            findings.add(.imageSlugUppercase, at: slug.location, "“\(slug.value)” has capital letters")
        }
        let flavor = fields.choice(ImageFields.flavor, &findings)?.value ?? .untrusted
        let sshLogin = login(ImageFields.sshUser, ImageFields.sshPassword, fields)
        let configurationLogin = login(ImageFields.configUser, ImageFields.configPassword, fields)
        let interfaces = fields.texts(ImageFields.networkInterfaces, &findings).map(\.value)
        let description = fields.text(ImageFields.description, &findings)?.value ?? ""
        let enableForwarding = fields.flag(ImageFields.enableForwarding, &findings) ?? false
        guard let slug, let sshLogin, let configurationLogin else { return nil }
        let image = ImageDefinition(
            slug: slug.value,
            description: description,
            flavor: flavor,
            enableForwarding: enableForwarding,
            networkInterfaces: interfaces,
            sshLogin: sshLogin,
            configurationLogin: configurationLogin
        )
        return Located(value: image, location: slug.location)
    }

    private mutating func login(_ user: Field<Text>, _ password: Field<Text>, _ fields: FieldReader) -> ImageLogin? {
        let user = fields.text(user, &findings)
        let password = fields.text(password, &findings)
        guard let user, let password else { return nil }
        return ImageLogin(username: user.value, password: password.value)
    }
}
