"""Runs a folder of scenarios through the bridge. `tests/vectors/README.md` is the format's contract.

PYTHONPATH=<folder of cxauth> python run.py DIR
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import scenario
from reading import Json, ScenarioError, parse


@dataclass
class Report:
    """Writes `pass ID` or `FAIL ID: what differed` a line, and counts.

    A file that cannot be read, and a folder without scenarios, count as failed.
    """

    out: TextIO
    passed: int = 0
    failed: int = 0
    seen: set[str] = field(default_factory=set)

    def add_pass(self, name: str) -> None:
        """One held."""
        self.passed += 1
        print(f"pass {name}", file=self.out)

    def add_failure(self, name: str, why: object) -> None:
        """One did not."""
        self.failed += 1
        print(f"FAIL {name}: {' '.join(str(why).splitlines())}", file=self.out)


def run(folder: Path, out: TextIO) -> Report:
    """Runs every `.json` file of the folder and the folders in it, in the order of their names."""
    report = Report(out)
    try:
        for file in _files(folder):
            _run_file(file, str(file.relative_to(folder)), report)
        if report.passed + report.failed == 0:
            report.add_failure(str(folder), "there are no scenarios in this folder")
    except OSError as error:
        report.add_failure(str(folder), f"cannot be read: {error}")
    print(f"{report.passed} passed, {report.failed} failed", file=out)
    return report


def main() -> int:
    """The process's status: 1 after any failure."""
    parser = argparse.ArgumentParser(description="Run a folder of scenarios through cxauth's bridge.")
    parser.add_argument("folder", type=Path, help="the folder of scenarios")
    folder = parser.parse_args().folder
    with open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False) as out:
        return 1 if run(folder, out).failed else 0


def _files(folder: Path) -> list[Path]:
    """In the order of their names, so that two runs print the same."""
    found = os.walk(folder, onerror=_fail)
    files = (Path(parent, name) for parent, _, names in found for name in names)
    return sorted(file for file in files if file.suffix == ".json")


def _fail(error: OSError) -> None:
    raise error


def _run_file(file: Path, name: str, report: Report) -> None:
    try:
        scenarios = parse(file.read_bytes())
    except OSError as error:
        return report.add_failure(name, f"cannot be read: {error}")
    except (ValueError, RecursionError) as error:
        return report.add_failure(name, f"is no JSON: {error}")
    if not isinstance(scenarios, list):
        return report.add_failure(name, "is no array of scenarios")
    for index, value in enumerate(scenarios):
        _run_one(value, f"{name}[{index}]", name, report)
    return None


def _run_one(value: Json, place: str, file: str, report: Report) -> None:
    given = value.get("id") if isinstance(value, dict) else None
    name = given if isinstance(given, str) else place
    if name in report.seen:
        return report.add_failure(name, f"the id stands twice; here in {file}")
    report.seen.add(name)
    try:
        scenario.run(value)
    except ScenarioError as error:
        return report.add_failure(name, error)
    return report.add_pass(name)


if __name__ == "__main__":
    sys.exit(main())
