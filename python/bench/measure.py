"""Prints what cxauth costs, next to the libraries that people use today, in one run.

`cargo xtask bench python` installs all of them into an empty environment and runs it there.
"""

from __future__ import annotations

import platform
import sys

import get_ratio
import header
import imports
from simulator import Simulator


def main() -> None:
    """One table for each question."""
    print(f"Python {platform.python_version()} on {platform.machine()}\n", flush=True)
    imports.report()
    with Simulator(sys.argv[1]) as simulator:
        header.report(simulator)
        get_ratio.report(simulator)


if __name__ == "__main__":
    main()
