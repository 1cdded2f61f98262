import AntidoteCore
import ArgumentParser
import Foundation
import Testing
import UnixSignals

@testable import AntidoteCommands

@Suite("Errors for people and programs")
struct ErrorReportTests {
    let whole = AntidoteError(
        .jobFailed,
        "it ended with status 3",
        recovery: "Mend the script.",
        subject: "configure-web",
        logTail: "one\ntwo\n"
    )

    @Test func linesTellWhatWhereAndWhatToDo() {
        #expect(
            ErrorReport(error: whole).lines == [
                "error[jobFailed]: configure-web: it ended with status 3", "  its last output:", "    | one",
                "    | two", "  Mend the script.",
            ]
        )
    }

    @Test func linesLeaveOutWhatIsNotKnown() {
        let error = AntidoteError(.storageFull, "the disk is full", logTail: "")
        #expect(ErrorReport(error: error).lines == ["error[storageFull]: the disk is full"])
    }

    @Test func linesHaveTheEndOfALongOutput() {
        var error = whole
        error.logTail = (1...50).map { "line \($0)" }.joined(separator: "\n")
        let lines = ErrorReport(error: error).lines
        #expect(lines.count == 23)
        #expect(lines[2] == "    | line 31")
        #expect(lines[21] == "    | line 50")
    }

    @Test func jsonHasEverythingAndNoCause() throws {
        struct Cause: Error {
            let secret = "hunter2"
        }
        var error = whole
        error.cause = Cause()
        let json = try ErrorReport(error: error).json()
        let object = try JSONDecoder().decode([String: [String: String]].self, from: Data(json.utf8))
        #expect(
            object == [
                "error": [
                    "code": "jobFailed", "message": "it ended with status 3", "advice": "Mend the script.",
                    "place": "configure-web", "logTail": "one\ntwo\n",
                ]
            ]
        )
        #expect(!ErrorReport(error: error).lines.joined().contains("hunter2"))
    }

    @Test(arguments: [
        (AntidoteError.Code.configurationInvalid, 78), (.backendRefused, 77), (.registryDenied, 77),
        (.backendUnavailable, 69), (.storeUnavailable, 69), (.internalFault, 70), (.curriculumInvalid, 1),
        (.notFound, 1), (.jobFailed, 1), (.imageMissing, 1),
    ])
    func everyErrorHasAnExitStatus(code: AntidoteError.Code, status: Int) {
        #expect(ExitStatus.of(AntidoteError(code, "")) == ExitCode(Int32(status)))
    }

    @Test func noErrorLooksLikeSuccess() {
        for code in AntidoteError.Code.all { #expect(ExitStatus.of(AntidoteError(code, "")).rawValue > 0) }
    }

    @Test(arguments: [(UnixSignal.sighup, 129), (.sigint, 130), (.sigterm, 143)])
    func aSignalHasTheStatusThatShellsGiveIt(signal: UnixSignal, status: Int) {
        #expect(ExitStatus.of(signal) == ExitCode(Int32(status)))
    }
}
