"""Whether the learner found the animal that came by most often. Exits with 0 when it is so, with 1 when it is not."""

import os
import sys

import paramiko


def main():
    answer = run("workstation", "head -c 100 most.txt 2>/dev/null || true").strip().lower()
    print(f"the answer is “{answer}”")
    return 0 if answer == "magpie" else 1


def run(host, command):
    """What the command prints on that machine; raises unless it succeeds."""
    with paramiko.SSHClient() as client:
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        client.connect(
            host,
            username=os.environ.get("ANTIDOTE_TARGET_USERNAME", "antidote"),
            password=os.environ.get("ANTIDOTE_TARGET_PASSWORD", "antidotepassword"),
            allow_agent=False,
            look_for_keys=False,
            timeout=5,
        )
        _, stdout, stderr = client.exec_command(command, timeout=5)
        output = stdout.read().decode(errors="replace")
        if stdout.channel.recv_exit_status() != 0:
            raise RuntimeError(f"{command}: {stderr.read().decode(errors='replace')}")
        return output


# An exception would exit with 1 as well, and that would say "not yet" where "I could not look" is meant.
try:
    status = main()
except Exception as error:
    print(f"the check failed: {error}", file=sys.stderr)
    status = 2
sys.exit(status)
