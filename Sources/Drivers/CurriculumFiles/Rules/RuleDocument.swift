/// The rules as a page for authors: `docs/curriculum-rules.md` is this text, and a test holds it to that.
public enum RuleDocument {
    public static var markdown: String {
        var text = introduction
        for topic in Rule.topics {
            text += "\n## \(topic.title)\n\n| rule | severity | what is wrong | how to mend it |\n|---|---|---|---|\n"
            for rule in topic.rules {
                text += "| `\(rule.id)` | \(rule.severity.rawValue) | \(cell(rule.summary)) | \(cell(rule.advice)) |\n"
            }
        }
        return text
    }

    private static func cell(_ text: String) -> String { text.split(separator: "|").joined(separator: "\\|") }

    private static let introduction = """
        # What is checked in a curriculum

        <!-- Printed from the table in Sources/Drivers/CurriculumFiles/Rules. Change it there, then run
             `ANTIDOTE_UPDATE_DOCS=1 swift test --filter RuleDocumentTests`. -->

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
