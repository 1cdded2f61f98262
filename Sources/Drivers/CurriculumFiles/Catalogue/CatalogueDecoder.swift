import AntidoteCore

/// Reads what the small files of a curriculum say: about itself, its collections and its images.
struct CatalogueDecoder {
    var findings: Findings

    mutating func curriculum(_ node: YAMLNode) -> CurriculumInfo {
        let known = ["name", "description", "website", "aVer", "gitRoot"]
        guard let fields = FieldReader(node, subject: "a curriculum", known: known, findings: &findings) else {
            return CurriculumInfo()
        }
        return CurriculumInfo(
            name: fields.text("name", .required, &findings)?.value ?? "",
            description: fields.text("description", .expected, &findings)?.value ?? "",
            website: fields.text("website", .optional, &findings)?.value ?? "",
            antidoteVersion: fields.text("aVer", .optional, &findings)?.value ?? "",
            gitRoot: fields.text("gitRoot", .optional, &findings)?.value ?? ""
        )
    }

    /// The collection, and the place of its slug.
    mutating func collection(_ node: YAMLNode) -> Located<LessonCollection>? {
        let known = [
            "slug", "title", "image", "website", "contactEmail", "briefDescription", "longDescription", "type", "tier",
        ]
        guard
            let fields = FieldReader(node, subject: "a collection", known: known, findings: &findings)
        else { return nil }
        let slug = fields.text("slug", .required, &findings)
        let title = fields.text("title", .required, &findings)
        let kind = fields.choice("type", of: LessonCollection.Kind.self, .required, &findings)
        let tier = fields.choice("tier", of: Tier.self, .required, &findings)
        let briefDescription = fields.text("briefDescription", .expected, &findings)?.value ?? ""
        let longDescription = fields.text("longDescription", .expected, &findings)?.value ?? ""
        if let slug, !Names.isSlug(slug.value) {
            let message = "“\(slug.value.prefix(80))” cannot be a collection's slug"
            findings.add(.collectionSlugInvalid, at: slug.location, message)
        }
        guard let slug, let title, let kind, let tier else { return nil }
        let collection = LessonCollection(
            slug: slug.value,
            title: title.value,
            image: fields.text("image", .optional, &findings)?.value ?? "",
            website: fields.text("website", .optional, &findings)?.value ?? "",
            contactEmail: fields.text("contactEmail", .optional, &findings)?.value ?? "",
            briefDescription: briefDescription,
            longDescription: longDescription,
            kind: kind.value,
            tier: tier.value
        )
        return Located(value: collection, location: slug.location)
    }

    /// The image, and the place of its slug.
    mutating func image(_ node: YAMLNode) -> Located<ImageDefinition>? {
        let known = [
            "slug", "description", "flavor", "enableForwarding", "networkInterfaces", "sshUser", "sshPassword",
            "configUser", "configPassword",
        ]
        guard let fields = FieldReader(node, subject: "an image", known: known, findings: &findings) else { return nil }
        let slug = fields.text("slug", .required, &findings)
        if let slug { check(imageSlug: slug) }
        let flavor = fields.choice("flavor", of: Flavor.self, .optional, &findings)?.value ?? .untrusted
        let sshLogin = login("sshUser", "sshPassword", fields)
        let configurationLogin = login("configUser", "configPassword", fields)
        let interfaces = interfaceNames(fields)
        let description = fields.text("description", .optional, &findings)?.value ?? ""
        let enableForwarding = fields.flag("enableForwarding", &findings) ?? false
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

    private mutating func login(_ user: String, _ password: String, _ fields: FieldReader) -> ImageLogin? {
        let user = fields.text(user, .required, &findings)
        let password = fields.text(password, .required, &findings)
        guard let user, let password else { return nil }
        return ImageLogin(username: user.value, password: password.value)
    }

    private mutating func check(imageSlug slug: Located<String>) {
        if !Names.isImageSlug(slug.value) {
            let message = "“\(slug.value.prefix(80))” cannot be an image's slug"
            findings.add(.imageSlugInvalid, at: slug.location, message)
        } else if slug.value != slug.value.lowercased() {
            findings.add(.imageSlugUppercase, at: slug.location, "“\(slug.value)” has capital letters")
        }
    }

    private mutating func interfaceNames(_ fields: FieldReader) -> [String] {
        var names: Set<String> = []
        var kept: [String] = []
        for node in fields.list("networkInterfaces", .optional, &findings) {
            // Empty ones are told about too: a name is counted, so that a gap would shift those that follow.
            guard case .scalar(let name, _) = node.content, Names.isInterface(name), !["eth0", "lo"].contains(name)
            else {
                findings.add(.interfaceNameInvalid, at: node.location, "an interface cannot be named \(node.kind)")
                continue
            }
            if names.insert(name).inserted {
                kept.append(name)
            } else {
                findings.add(.interfaceNameDuplicate, at: node.location, "there is an interface “\(name)” already")
            }
        }
        return kept
    }
}
