import ChaosScenario
import Foundation
import HostPrograms

/// A disk that has no room left below the database of an installation: whatever the server writes there goes to a device
/// that is full, and the system says so. That needs no rights and no disk.
struct FullDisk {
    private static let device = "/dev/full"
    private static let tables = ["environments", "events", "sessions"].map { "antidote_state_\($0)" }

    private let installation: Installation

    init(_ installation: Installation) async throws {
        self.installation = installation
        try await installation.sql(
            """
            create table on_full_disk (byte int);
            create function fill_disk() returns trigger language plpgsql security definer as
            'begin insert into public.on_full_disk values (1); return null; end'
            """
        )
        // Its file is empty and nobody has it open: what is written from now on goes to the device.
        let file = try await installation.sql("select pg_relation_filepath('on_full_disk')")
        let path = "\(installation.servers.database.folder)/data/\(file)"
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: Self.device)
    }

    /// From now on no row fits any more.
    func fill() async throws {
        try await installation.sql(
            Self.tables.map {
                "create trigger fill_disk before insert or update on \($0) execute function fill_disk();"
            }
            .joined()
        )
    }

    func makeRoom() async throws {
        try await installation.sql(Self.tables.map { "drop trigger fill_disk on \($0);" }.joined())
    }
}
