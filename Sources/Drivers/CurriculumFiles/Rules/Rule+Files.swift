extension Rule {
    static let curriculumMissing = error(
        "curriculum-missing",
        "The curriculum's directory cannot be read.",
        advice: "Name the directory that holds `curriculum.meta.yaml`, and allow reading it."
    )
    static let curriculumMetaMissing = error(
        "curriculum-meta-missing",
        "The directory has no `curriculum.meta.yaml`.",
        advice: "Name the directory that holds `curriculum.meta.yaml`, or write that file with at least a `name`."
    )
    static let curriculumEmpty = warning(
        "curriculum-empty",
        "There is no lesson in the curriculum.",
        advice: "Put each lesson in a directory of its own below `lessons/`, described by a `lesson.meta.yaml`."
    )
    static let curriculumTooLarge = error(
        "curriculum-too-large",
        "The curriculum has more files than are read; those beyond are ignored.",
        advice: "Move what no lesson needs out of `lessons/`, `images/` and `collections/`."
    )
    static let directoryUnreadable = error(
        "directory-unreadable",
        "A directory cannot be listed.",
        advice: "Allow reading it: `chmod a+rx` on the directory."
    )
    static let directoryTooDeep = error(
        "directory-too-deep",
        "Directories lie too deep one in another; what is below is ignored.",
        advice: "Move the directory up."
    )
    static let fileUnreadable = error(
        "file-unreadable",
        "A file cannot be read.",
        advice: "Allow reading it: `chmod a+r` on the file."
    )
    static let fileTooLarge = error(
        "file-too-large",
        "A file is larger than a file of its kind may be; it is not read.",
        advice: "Make it smaller, or take out what does not belong into it."
    )
    static let fileSpecial = error(
        "file-special",
        "Something is no regular file but a pipe, a socket or a device.",
        advice: "Remove it: only regular files and directories can be copied into a lab."
    )
    static let fileNameInvalid = error(
        "file-name-invalid",
        "A file's name is not UTF-8, holds control characters, or makes its path too long.",
        advice: "Rename it with printable characters."
    )
    static let fileCaseClash = error(
        "file-case-clash",
        "Two names in one directory differ only in case or in how letters are composed.",
        advice: "Rename one of them: on many file systems only one can exist."
    )
    static let symlinkOutside = error(
        "symlink-outside",
        "A symbolic link leaves the curriculum; it is not followed.",
        advice: "Copy the file that it points to into the curriculum."
    )
    static let symlinkBroken = error(
        "symlink-broken",
        "A symbolic link points to nothing, or in a circle.",
        advice: "Mend or remove the link."
    )
    static let notAFile = error(
        "not-a-file",
        "There is a directory, or a symbolic link to one, where a file is needed; such links are not followed.",
        advice: "Link the files one by one, or copy the directory."
    )
    static let tooManyProblems = error(
        "too-many-problems",
        "There are more problems than are reported.",
        advice: "Mend those that are reported, then validate again."
    )

    static let fileRules = [
        curriculumMissing, curriculumMetaMissing, curriculumEmpty, curriculumTooLarge, directoryUnreadable,
        directoryTooDeep, fileUnreadable, fileTooLarge, fileSpecial, fileNameInvalid, fileCaseClash, symlinkOutside,
        symlinkBroken, notAFile, tooManyProblems,
    ]
}
