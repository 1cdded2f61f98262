"""Whether the learner found the server's address on the cable. Exits with 0 when it is so, with 1 when it is not."""

import ipaddress
import json
import os
import sys

import paramiko

CABLE = ipaddress.ip_network("10.20.30.0/24")


def main():
    answer = run("workstation", "head -c 100 answer.txt 2>/dev/null || true").strip()
    interfaces = json.loads(run("webserver", "ip -json -4 address"))
    addresses = [entry["local"] for interface in interfaces for entry in interface["addr_info"]]
    on_cable = [address for address in addresses if ipaddress.ip_address(address) in CABLE]
    if not on_cable:
        raise RuntimeError("the server has no address on the cable")
    print(f"the answer is “{answer}”")
    return 0 if answer in on_cable else 1


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
