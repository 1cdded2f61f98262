/// Which release this is: the tag of the project's own images, and what `--version` prints.
public enum AntidoteRelease {
    /// As in the file `VERSION`.
    public static let version = "0.1.0"
}
