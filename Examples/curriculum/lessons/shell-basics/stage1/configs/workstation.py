"""Brings the workstation into the state of this stage, from whichever other stage it was in."""

import os
import random

import paramiko

# Always the same sightings, in an order that looks like none.
ANIMALS = {"blackbird": 61, "cat": 74, "fox": 12, "hedgehog": 38, "magpie": 83, "squirrel": 79}
SIGHTINGS = [animal for animal, count in ANIMALS.items() for _ in range(count)]
random.Random(7).shuffle(SIGHTINGS)

FILES = {"sightings.txt": "\n".join(SIGHTINGS) + "\n"}
# What this and other stages put or ask for, and this one begins without.
ABSENT = ["desk", "sightings.txt", "most.txt"]


def main():
    with paramiko.SSHClient() as client:
        # The machine is minutes old and its key with it: there is nothing to compare the key to.
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        client.connect(
            os.environ["ANTIDOTE_TARGET_HOST"],
            port=int(os.environ.get("ANTIDOTE_TARGET_PORT", "22")),
            username=os.environ["ANTIDOTE_TARGET_USERNAME"],
            password=os.environ["ANTIDOTE_TARGET_PASSWORD"],
            allow_agent=False,
            look_for_keys=False,
            timeout=30,
        )
        run(client, "rm -rf -- " + " ".join(ABSENT))
        for name, contents in FILES.items():
            run(client, f"mkdir -p ./{os.path.dirname(name)} && cat > {name}", contents)
        print("the workstation is ready")


def run(client, command, contents=""):
    """Runs a command in the home directory; raises unless it succeeds."""
    stdin, stdout, stderr = client.exec_command(command, timeout=30)
    stdin.write(contents)
    stdin.channel.shutdown_write()
    status = stdout.channel.recv_exit_status()
    if status != 0:
        raise SystemExit(f"{command}: status {status}: {stderr.read().decode(errors='replace')}")


main()
