"""Whether the sign is up. Exits with 0 when it is so, with 1 when it is not."""

import sys

import requests


def main():
    page = requests.get("http://webserver/sign.html", timeout=5)
    print(f"the server answers {page.status_code}")
    if page.status_code == 404:
        return 1
    page.raise_for_status()
    return 0 if page.text.strip() else 1


# An exception would exit with 1 as well, and that would say "not yet" where "I could not look" is meant.
try:
    status = main()
except Exception as error:
    print(f"the check failed: {error}", file=sys.stderr)
    status = 2
sys.exit(status)
