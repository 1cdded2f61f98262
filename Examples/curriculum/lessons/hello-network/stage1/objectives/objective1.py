"""Whether the sign says who made it. Exits with 0 when it is so, with 1 when it is not."""

import sys

import requests


def main():
    page = requests.get("http://webserver/sign.html", timeout=5)
    print(f"the server answers {page.status_code}")
    if page.status_code == 404:
        return 1
    page.raise_for_status()
    names = [line.strip().removeprefix("Made by").strip() for line in page.text.splitlines() if "Made by" in line]
    return 0 if any(name and name != "NAME" for name in names) else 1


# An exception would exit with 1 as well, and that would say "not yet" where "I could not look" is meant.
try:
    status = main()
except Exception as error:
    print(f"the check failed: {error}", file=sys.stderr)
    status = 2
sys.exit(status)
