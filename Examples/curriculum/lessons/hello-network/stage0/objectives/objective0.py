"""Whether the learner kept the server's page. Exits with 0 when it is so, with 1 when it is not."""

import os
import sys

import paramiko
import requests


def main():
    page = requests.get("http://webserver/", timeout=5)
    page.raise_for_status()
    kept = read("hello.html")
    wanted = page.text.strip()
    print("the file is not there" if kept is None else f"the file has {len(kept)} characters")
    return 0 if kept is not None and wanted in kept else 1


def read(name):
    """The text of a file in the learner's home directory; None where there is none."""
    with paramiko.SSHClient() as client:
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        client.connect(
            "workstation",
            username=os.environ.get("ANTIDOTE_TARGET_USERNAME", "antidote"),
            password=os.environ.get("ANTIDOTE_TARGET_PASSWORD", "antidotepassword"),
            allow_agent=False,
            look_for_keys=False,
            timeout=5,
        )
        with client.open_sftp() as files:
            try:
                with files.open(name) as file:
                    return file.read(1 << 20).decode(errors="replace")
            except OSError:
                return None


# An exception would exit with 1 as well, and that would say "not yet" where "I could not look" is meant.
try:
    status = main()
except Exception as error:
    print(f"the check failed: {error}", file=sys.stderr)
    status = 2
sys.exit(status)
