extension Rule {
    static let lessonSlugInvalid = error(
        "lesson-slug-invalid",
        "A lesson's slug cannot be part of an address.",
        advice: "Use small letters, digits and hyphens, beginning and ending with a letter or digit; at most 63."
    )
    static let lessonSlugDuplicate = error(
        "lesson-slug-duplicate",
        "Two lessons have one slug; the first counts.",
        advice: "Give one of them another slug."
    )
    static let lessonNested = warning(
        "lesson-nested",
        "A lesson lies within the directory of another; its files are not the other's.",
        advice: "Move it beside the other lesson."
    )
    static let lessonTooLarge = error(
        "lesson-too-large",
        "The files of a lesson are too large together to be copied into a lab.",
        advice: "Put large files into an image."
    )
    static let lessonTooManyFiles = error(
        "lesson-too-many-files",
        "A lesson has too many files to be copied into a lab.",
        advice: "Put them into an image."
    )
    static let collectionUnknown = warning(
        "collection-unknown",
        "A lesson names a collection that there is not.",
        advice: "Correct the slug, or describe the collection in a `collection.meta.yaml` below `collections/`."
    )
    static let prereqUnknown = error(
        "prereq-unknown",
        "A lesson names a lesson to take before it that there is not.",
        advice: "Correct the slug, or remove it from `prereqs`."
    )
    static let prereqCycle = error(
        "prereq-cycle",
        "A lesson is, by its prerequisites, to be taken before itself.",
        advice: "Remove one of the prerequisites on the way round."
    )
    static let prereqTier = warning(
        "prereq-tier",
        "A lesson needs one that fewer people see than see it.",
        advice: "Give both the same tier."
    )
    static let readyDelayNegative = warning(
        "ready-delay-negative",
        "A ready delay is below zero; it is treated as zero.",
        advice: "Remove it, or write seconds."
    )
    static let readyDelayLong = warning(
        "ready-delay-long",
        "A ready delay is longer than ten minutes; it is treated as ten minutes.",
        advice: "It is in seconds; let the configuration wait for what the lesson needs instead."
    )

    static let lessonRules = [
        lessonSlugInvalid, lessonSlugDuplicate, lessonNested, lessonTooLarge, lessonTooManyFiles, collectionUnknown,
        prereqUnknown, prereqCycle, prereqTier, readyDelayNegative, readyDelayLong,
    ]
}
