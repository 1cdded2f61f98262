"""Brings the workstation into the state of this stage, from whichever other stage it was in."""

import os

import paramiko

FILES = {
    "desk/letters/from-grandmother.txt": "Dear child, do come and see me soon.\n",
    "desk/receipts/2023-04-01.txt": "1 bucket of steam    3.50\n",
    "desk/receipts/2023-04-02.txt": "2 metres of shore line    12.00\n",
    "desk/receipts/2023-04-03.txt": "Dear friend, the packets arrived, all but one. Do send it again!\n",
    "desk/receipts/2023-04-04.txt": "1 left-handed screwdriver    8.90\n",
}
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
