import AntidoteLessons

/// The rules and fields as a page for authors: `docs/curriculum-rules.md` is this text, and a test holds it to that.
public enum RuleDocument {
    public static var markdown: String {
        var text = introduction
        for topic in Rule.topics {
            text += "\n## \(topic.title)\n\n| rule | severity | what is wrong | how to mend it |\n|---|---|---|---|\n"
            for rule in topic.rules {
                text += "| `\(rule.id)` | \(rule.severity.rawValue) | \(cell(rule.summary)) | \(cell(rule.advice)) |\n"
            }
        }
        text += "\n## Fields\n\nThose in **bold** are needed.\n"
        for file in CurriculumFile.allCases {
            text += "\n### `\(file.name)`\n\n| field | holds | what it is for |\n|---|---|---|\n"
            text += rows(file.shape, below: "").joined()
        }
        return text
    }

    /// A row for each field of `shape`, and for those within it.
    private static func rows(_ shape: Shape, below path: String) -> [String] {
        shape.fields.flatMap { field -> [String] in
            let name = "`\(path)\(field.name)`"
            let shown = field.need.isRequired ? "**\(name)**" : name
            let row = "| \(shown) | \(cell(field.words)) | \(cell(field.summary)) |\n"
            guard let inner = field.inner else { return [row] }
            return [row] + rows(inner, below: "\(path)\(field.name).")
        }
    }

    private static func cell(_ text: String) -> String { text.split(separator: "|").joined(separator: "\\|") }

    private static let introduction = """
        # What is checked in a curriculum

        <!-- Printed from the rules (Sources/Drivers/CurriculumFiles/Rules) and the declarations of the fields (*Fields.swift
             beside them). Change it there, then run `ANTIDOTE_UPDATE_DOCS=1 swift test --filter RuleDocumentTests`. -->

        A curriculum is read as a whole and every problem is reported in one go. An **error** means that what it is
        about cannot be used: a lesson, an image or a collection with an error of its own is left out. A **warning**
        leaves everything usable. Rule ids never change.

        Each problem is printed as

        ```
        lessons/tools/hello/lesson.meta.yaml:12:10: error[image-unknown]: there is no image “webserv”
            Did you mean “webserver”?
        ```

        Lines and columns count from 1, columns in Unicode scalars; both are missing where a file or a directory is
        meant as a whole. As JSON the report is one object. Keys may be added to it, none goes or changes its meaning:

        ```json
        {
          "valid": false, "lessons": 11, "errors": 1, "warnings": 0,
          "problems": [
            {
              "severity": "error", "rule": "image-unknown",
              "file": "lessons/tools/hello/lesson.meta.yaml", "line": 12, "column": 10,
              "message": "there is no image “webserv”", "advice": "Did you mean “webserver”?"
            }
          ]
        }
        ```

        With `--output sarif` it is a SARIF 2.1.0 log of one run, for code scanning: every rule with its severity and
        remedy, and a result for each problem. Files are named from the directory in which the program was started, if
        the curriculum is in it, else from the curriculum's own. In the root of a repository:

        ```
        antidote validate Examples/curriculum --output sarif > antidote.sarif
        ```

        ## While you write

        `antidote schema lesson` (or `image`, `collection`, `curriculum`) prints the JSON Schema (draft 2020-12) of that
        file, made of the declarations that it is read by. Editors with a YAML plugin complete, explain and check the
        fields with it; `antidote schema --help` tells how to set them up. A schema sees what is in one value or mapping:
        spelling, types, ranges, forms of names. It is silent about keys that old curricula have and that are no longer
        looked at, which a validation warns of. Everything else in the tables below only a validation sees.

        ## What is not a problem

        - Keys that are missing and not needed, or that have no value; a stage's `id`, which is not looked at.
        - A number or a truth value where a text is meant: `name: 2020` is the text “2020”.
        - `stages[].guideType` missing (it is `markdown`), and an image's `flavor` missing (it is `untrusted`).
        - A value of a wrong type in a field that a lesson can do without: a warning, and the field is as if it were
          not there. In a field that is needed it is an error.
        - Anchors, aliases and merge keys (`<<`), as long as what they make is not too large; not together with
          mappings in braces or keys that are more than a word, which a file that uses them is refused for.

        """
}
