#!/usr/bin/env python3
"""Loads a configuration into a network device with NAPALM: /configure.py DRIVER PORT HOST FILE

DRIVER is a NAPALM driver (junos, eos, iosxr, nxos, nxos_ssh, ios), PORT and HOST are where the device answers, and
FILE holds the configuration, which is merged into the running one and committed. The device's account is read from
ANTIDOTE_TARGET_USERNAME and ANTIDOTE_TARGET_PASSWORD in the environment.

Exit status: 0 committed, 2 wrong use, 3 unknown driver, 4 the device cannot be reached or refuses the login, 5 the
device rejected the configuration.
"""

import logging
import os
import sys

COMMITTED = 0
USAGE = 2
UNKNOWN_DRIVER = 3
CANNOT_CONNECT = 4
REJECTED = 5

# How long a driver may take to connect.
CONNECT_SECONDS = 30


def fail(status, sentence):
    print(f"configure.py: {sentence}", file=sys.stderr)
    return status


def describe(error, password):
    """The error in one line, without the password, whatever a driver put into its message."""
    text = " ".join(str(error).split()) or "no further description"
    if password:
        text = text.replace(password, "<redacted>")
    return f"{type(error).__name__}: {text}"


def configure(driver_name, port, host, file):
    from napalm import get_network_driver
    from napalm.base.exceptions import ModuleImportError

    username = os.environ.get("ANTIDOTE_TARGET_USERNAME", "")
    password = os.environ.get("ANTIDOTE_TARGET_PASSWORD", "")
    if not username:
        return fail(USAGE, "ANTIDOTE_TARGET_USERNAME is not set")
    try:
        driver = get_network_driver(driver_name)
    except ModuleImportError:
        return fail(UNKNOWN_DRIVER, f"there is no NAPALM driver '{driver_name}'")

    try:
        device = driver(
            hostname=host,
            username=username,
            password=password,
            timeout=CONNECT_SECONDS,
            optional_args={"port": port},
        )
        device.open()
    except Exception as error:  # each driver raises the errors of its own transport
        return fail(CANNOT_CONNECT, f"cannot open {driver_name} on {host}:{port}: {describe(error, password)}")

    try:
        device.load_merge_candidate(filename=file)
        changes = device.compare_config()
        if changes:
            print(changes)
            device.commit_config()
            print(f"configure.py: committed {os.path.basename(file)} on {host}")
        else:
            device.discard_config()
            print(f"configure.py: {host} already has what {os.path.basename(file)} says")
    except Exception as error:
        try:
            device.discard_config()
        except Exception:  # the first error is the one to tell
            pass
        return fail(REJECTED, f"{host} rejected {os.path.basename(file)}: {describe(error, password)}")
    finally:
        try:
            device.close()
        except Exception:  # what was committed stays committed
            pass
    return COMMITTED


def main(arguments):
    if arguments in (["-h"], ["--help"]):
        print(__doc__)
        return COMMITTED
    if len(arguments) != 4:
        return fail(USAGE, "usage: /configure.py DRIVER PORT HOST FILE")
    # The drivers' libraries log whole tracebacks of what is told here in one sentence.
    logging.disable(logging.CRITICAL)
    driver_name, port, host, file = arguments
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        return fail(USAGE, f"'{port}' is not a port")
    if not os.path.isfile(file):
        return fail(USAGE, f"there is no file '{file}'")
    return configure(driver_name, int(port), host, file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
