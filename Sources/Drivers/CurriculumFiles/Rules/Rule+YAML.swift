extension Rule {
    static let yamlNotUTF8 = error(
        "yaml-not-utf8",
        "A file is not text in UTF-8.",
        advice: "Save it as UTF-8."
    )
    static let yamlEmpty = error(
        "yaml-empty",
        "A file says nothing.",
        advice: "Write what it is to describe, or remove the file."
    )
    static let yamlSyntax = error(
        "yaml-syntax",
        "A file is not YAML.",
        advice: "Check indentation, colons and quotes at this place."
    )
    static let yamlTooComplex = error(
        "yaml-too-complex",
        "A file nests too deeply, or its aliases make it grow beyond what is read.",
        advice: "Write the values out plainly; a lesson needs no more than a few levels."
    )
    static let yamlDuplicateKey = warning(
        "yaml-duplicate-key",
        "A key comes more than once in one mapping; the last counts.",
        advice: "Remove all but one."
    )
    static let yamlSeveralDocuments = warning(
        "yaml-several-documents",
        "A file holds more than one YAML document; only the first is read.",
        advice: "Give each its own file, and remove the `---` between them."
    )
    static let keyUnknown = warning(
        "key-unknown",
        "A key means nothing here; it is ignored.",
        advice: "Remove the key, or correct its spelling."
    )
    static let fieldMissing = error(
        "field-missing",
        "A field that is needed is missing or empty.",
        advice: "Write the field."
    )
    static let fieldEmpty = warning(
        "field-empty",
        "A text that people read is missing or empty.",
        advice: "Write it, for those who look for a lesson."
    )
    static let wrongType = error(
        "wrong-type",
        "A value is of another type than its field, and the field is needed.",
        advice: "Write a value of the type that is named."
    )
    static let wrongTypeIgnored = warning(
        "wrong-type-ignored",
        "A value is of another type than its field; the field is treated as if it were not there.",
        advice: "Write a value of the type that is named, or remove the field."
    )
    static let listTooLong = error(
        "list-too-long",
        "A list has more elements than are read; those beyond are ignored.",
        advice: "Keep to 128 stages and 128 endpoints, and to 1000 elements in other lists."
    )
    static let valueUnknown = error(
        "value-unknown",
        "A value is none of those that its field allows.",
        advice: "Use one of the values that are named."
    )

    static let yamlRules = [
        yamlNotUTF8, yamlEmpty, yamlSyntax, yamlTooComplex, yamlDuplicateKey, yamlSeveralDocuments, keyUnknown,
        fieldMissing, fieldEmpty, wrongType, wrongTypeIgnored, listTooLong, valueUnknown,
    ]
}
