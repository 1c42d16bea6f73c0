"""Cases of the tests that are scripts: running one, and saying what failed."""

import sys


class Failure(Exception):
    pass


def attempt(description, function, *arguments):
    """Runs one case and prints a line about it. True when it went well."""
    try:
        function(*arguments)
    except Failure as failure:
        print(f"FAILED  {description}\n{failure}", flush=True)
        return False
    print(f"ok      {description}", flush=True)
    return True


def finish(results):
    print(f"{len(results)} cases, {results.count(False)} failed")
    sys.exit(0 if results and all(results) else 1)
