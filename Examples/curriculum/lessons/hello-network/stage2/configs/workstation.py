"""Brings the workstation into the state of this stage, from whichever other stage it was in."""

import os
import shlex

import paramiko

# What the learner's home directory holds in this stage, beyond what the learner puts there.
FILES = {
    "hint.txt": """\
Go over to the server, and ask it the same question:

    ssh antidote@webserver ip -brief address
""",
}
# What this and other stages put or ask for there, and this one begins without.
ABSENT = ["hello.html", "answer.txt"]


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
        for name in ABSENT:
            run(client, "rm -rf -- " + shlex.quote(name))
        for name, contents in FILES.items():
            run(client, "cat > " + shlex.quote(name), contents)
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
