/// Who sees a lesson or a collection. Kept with it; filtering by tier is up to whoever shows it.
public enum Tier: String, Sendable, Hashable, Codable, CaseIterable {
    /// Everybody.
    case prod
    /// Those who try out what is to come.
    case ptr
    /// Its author alone.
    case local
}
