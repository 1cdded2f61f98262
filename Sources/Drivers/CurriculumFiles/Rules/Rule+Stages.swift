extension Rule {
    static let guideMissing = error(
        "guide-missing",
        "A stage has no guide.",
        advice: "Write `stageN/guide.md`, or `stageN/guide.ipynb` where the guide's type is `jupyter`; N is from 0."
    )
    static let guideEmpty = warning(
        "guide-empty",
        "A guide is empty.",
        advice: "Write what the learner is to read."
    )
    static let guideNotUTF8 = error(
        "guide-not-utf8",
        "A guide is not text in UTF-8, and cannot be shown.",
        advice: "Save it as UTF-8."
    )
    static let configMissing = error(
        "config-missing",
        "An endpoint that is configured has no file for a stage.",
        advice: "Every stage configures it: write the file, even if it does nothing."
    )
    static let configAmbiguous = error(
        "config-ambiguous",
        "An endpoint has more than one file that would configure it at a stage.",
        advice: "Keep one of them."
    )
    static let configDriverUnknown = error(
        "config-driver-unknown",
        "A file names a NAPALM driver that is not known.",
        advice: "Name the file `ENDPOINT-DRIVER.txt` with one of junos, eos, iosxr, nxos, nxos_ssh, ios."
    )
    static let configUnused = warning(
        "config-unused",
        "A file among the configurations has an endpoint's name, but does not configure it.",
        advice:
            "Name it as the endpoint's `configurationType` wants: `ENDPOINT.py`, `.yml` or `-DRIVER.txt`; or move it."
    )
    static let objectivesEmpty = error(
        "objectives-empty",
        "A stage has a verification without any objective.",
        advice: "List the objectives under `verification.objectives`, or remove `verification`."
    )
    static let objectiveScriptMissing = error(
        "objective-script-missing",
        "An objective has no script that checks it.",
        advice: "Write `stageN/objectives/objectiveM.py`, M from 0: it exits with 0 when the objective is met, else 1."
    )
    static let objectiveScriptUnused = warning(
        "objective-script-unused",
        "A script checks an objective that the stage does not have.",
        advice: "Add the objective under `verification.objectives`, or remove the script."
    )

    static let stageRules = [
        guideMissing, guideEmpty, guideNotUTF8, configMissing, configAmbiguous, configDriverUnknown, configUnused,
        objectivesEmpty,
        objectiveScriptMissing, objectiveScriptUnused,
    ]
}
