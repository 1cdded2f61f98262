import AntidoteCore
import AntidoteLessons

/// What a `curriculum.meta.yaml` says.
enum CurriculumFields {
    static let name = Field("name", .required, Text.any, "The curriculum's name for people.")
    static let description = Field("description", .expected, Text.any, "What the curriculum teaches.")
    static let website = Field("website", .optional, Text.any, "The address of the curriculum's website.")
    static let aVer = Field(
        "aVer",
        .optional,
        Text.any,
        "The version of Antidote that the curriculum was written for. Compared with nothing."
    )
    static let gitRoot = Field("gitRoot", .optional, Text.any, "The address of the curriculum's repository.")

    static let shape = Shape("a curriculum", [name, description, website, aVer, gitRoot])
}

/// What a `collection.meta.yaml` says.
enum CollectionFields {
    static let slug = Field(
        "slug",
        .required,
        Text(form: .name(.label, "a collection's slug", .collectionSlugInvalid)),
        "The collection's name in addresses, unique in the curriculum."
    )
    static let title = Field("title", .required, Text.any, "The collection's name for people.")
    static let image = Field("image", .optional, Text.any, "The address of a picture for the collection.")
    static let website = Field("website", .optional, Text.any, "The address of the collection's website.")
    static let contactEmail = Field("contactEmail", .optional, Text.any, "Whom to write to about the collection.")
    static let briefDescription = Field("briefDescription", .expected, Text.any, "The collection in a sentence.")
    static let longDescription = Field("longDescription", .expected, Text.any, "What the collection has to offer.")
    static let type = Field("type", .required, Choice<LessonCollection.Kind>(), "Who stands behind the collection.")
    static let tier = Field(
        "tier",
        .required,
        Choice<Tier>(),
        "Who sees the collection: everybody (prod), those who try out what is to come (ptr), or its author (local)."
    )

    static let shape = Shape(
        "a collection",
        [slug, title, image, website, contactEmail, briefDescription, longDescription, type, tier]
    )
}

/// What an `image.meta.yaml` says.
enum ImageFields {
    static let slug = Field(
        "slug",
        .required,
        Text(form: .name(.imageSlug, "an image's slug", .imageSlugInvalid)),
        "The name by which endpoints refer to the image, unique in the curriculum. Best in small letters."
    )
    static let description = Field("description", .optional, Text.any, "What is in the image.")
    static let flavor = Field(
        "flavor",
        .optional,
        Choice<Flavor>(),
        """
        How much a machine may do on its host: untrusted, which is also what is meant without it; legacy, which may \
        administer its network; or trusted, which is as good as root on the host.
        """
    )
    static let enableForwarding = Field(
        "enableForwarding",
        .optional,
        Flag(),
        "Whether a machine forwards packets between its interfaces."
    )
    static let networkInterfaces = Field(
        "networkInterfaces",
        .optional,
        List(
            of: Text(form: .name(.interface, "an interface's name", .interfaceNameInvalid)),
            duplicates: .interfaceNameDuplicate
        ),
        "The names of a machine's interfaces, one for each connection in order; net0, net1 and so on beyond them."
    )
    static let sshUser = Field("sshUser", .required, Text.any, "The user that learners are.")
    static let sshPassword = Field("sshPassword", .required, Text.any, "The password of sshUser.")
    static let configUser = Field("configUser", .required, Text.any, "The user that configures and checks a machine.")
    static let configPassword = Field("configPassword", .required, Text.any, "The password of configUser.")

    static let shape = Shape(
        "an image",
        [
            slug, description, flavor, enableForwarding, networkInterfaces, sshUser, sshPassword, configUser,
            configPassword,
        ],
        bygone: ["privileged"]
    )
}
