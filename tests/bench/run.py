"""Run the benches: all of the table, one after the other, each from a clean start; or one by its name."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from dataclasses import asdict
from pathlib import Path

import figures
import readme
from benches import OTHERS, TABLE, lines, program
from chart import draw
from figures import Figure

ROOT = Path(__file__).parents[2]
OUT = ROOT / ".state" / "bench"
TIMEOUT_S, QUICK_TIMEOUT_S, STOP_S = 5400, 180, 60
USAGE = f"""Measure how fast RAG Ask is on this machine, beside what it must reach (docs/operators/performance.md).

  scripts/bench                     every bench of the table below, on two cores; prints one table, exits with 1 when a
                                    figure falls short, and writes figures.json and figures.svg to .state/bench/
  scripts/bench --quick             the same with small sizes, in less than three minutes; falling short is no failure
  scripts/bench --readme            the same, and writes the table into README.md
  scripts/bench --readme --from FILE.json     writes the table of an earlier run, without a new one
  scripts/bench NAME [--quick]      one of them; NAME --help says what it measures

Of the table:
{lines(TABLE)}

Alone:
{lines(OTHERS)}
"""


def main() -> int:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name in TABLE or name in OTHERS:
        return alone(name, sys.argv[2:])
    parser = ArgumentParser(prog="scripts/bench", description=USAGE, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--data", type=Path, metavar="DATA", help="measure the questions of this folder where one can")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md")
    parser.add_argument("--from", dest="earlier", type=Path, metavar="FILE", help="the figures.json of an earlier run")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FOLDER", help="instead of .state/bench/")
    chosen = parser.parse_args()
    if chosen.earlier:
        kept = json.loads(chosen.earlier.read_text(encoding="utf-8"))
        found, machine, failed = [Figure(**one) for one in kept["figures"]], kept["machine"], []
    else:
        figures.two_cores()
        machine = describe("scripts/bench --quick" if chosen.quick else "scripts/bench")
        found, failed = everything(chosen)
        chosen.out.mkdir(parents=True, exist_ok=True)
        kept = {"machine": machine, "figures": [asdict(figure) for figure in found], "failed": failed}
        (chosen.out / "figures.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        draw(found, chosen.out / "figures.svg")
    report(found, failed, machine)
    if chosen.readme:
        readme.write(found, machine)
    return int(not chosen.quick and (bool(failed) or not all(one.holds for one in found)))


def alone(name: str, arguments: list[str]) -> int:
    wants_help = bool({"-h", "--help"} & {*arguments})
    if name == "page" and wants_help:
        print(explained(program(name).with_suffix(".mjs")))
        return 0
    figures.two_cores()
    if name == "page":
        subprocess.run([ROOT / "scripts/install-chromium"], check=True)
        return subprocess.run(["node", ROOT / "tests/bench/page.mjs", *arguments]).returncode
    code = subprocess.run([sys.executable, program(name), *arguments]).returncode
    if name == "quality" and not wants_help:
        # Every figure of quality that the docs quote.
        for each in ("support", "followups"):
            print(f"\n{each}", flush=True)
            code |= subprocess.run([sys.executable, program(each)]).returncode
    return code


def explained(module: Path) -> str:
    """The comment that a module of JavaScript begins with."""
    comment = module.read_text(encoding="utf-8").partition("/**\n")[2].partition("\n */")[0]
    return "\n".join(line.removeprefix(" *").removeprefix(" ") for line in comment.splitlines())


def everything(chosen: Namespace) -> tuple[list[Figure], list[str]]:
    """Run each bench of the table in a process of its own. Returns the figures, and the names of those that broke."""
    found: list[Figure] = []
    failed = []
    started = time.monotonic()
    for number, (name, bench) in enumerate(TABLE.items(), 1):
        figures.progress(f"[{number}/{len(TABLE)}] {name}: {bench.about}")
        data = [str(chosen.data)] if bench.takes_data and chosen.data else []
        size = ["--quick"] if chosen.quick else bench.more
        figures_of_bench = one(name, [*data, *size], QUICK_TIMEOUT_S if chosen.quick else TIMEOUT_S)
        if not figures_of_bench:
            failed.append(name)
        found += figures_of_bench
        figures.progress(f"      {time.monotonic() - started:.0f} s so far\n")
    return found, failed


def one(name: str, arguments: list[str], timeout_s: float) -> list[Figure]:
    """The figures of one bench; none when it broke."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.json"
        command = [sys.executable, program(name), *arguments, "--json", path]
        # What it prints on stdout is printed in the one table.
        bench = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            bench.wait(timeout_s)
        except subprocess.TimeoutExpired:
            figures.progress(f"{name} took more than {timeout_s:.0f} s.")
            # As by Ctrl+C, so that it stops the servers that it started.
            bench.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                bench.wait(STOP_S)
            bench.kill()
        return figures.read(path) if path.exists() else []


def describe(command: str) -> dict[str, str]:
    """The machine, the commit and what was run."""
    cpu = platform.processor()
    if Path("/proc/cpuinfo").exists():
        models = [
            line.split(":", 1)[1] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
        ]
        cpu = models[0].strip() if models else cpu
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    load = f"{os.getloadavg()[0]:.1f}"
    return {"cpu": cpu, "commit": commit.strip(), "load": load, "date": time.strftime("%Y-%m-%d"), "command": command}


def report(found: list[Figure], failed: list[str], machine: dict[str, str]) -> None:
    print(
        f"{machine['date']}, commit {machine['commit']}, two cores of {machine['cpu']}, load before: {machine['load']}"
    )
    for name in dict.fromkeys(one.bench for one in found):
        print(f"\n{name}")
        for figure in found:
            if figure.bench == name:
                print(f"  {figures.line(figure)}")
    short = [figure for figure in found if not figure.holds]
    held = sum(figure.target is not None for figure in found) - len(short)
    print(f"\n{held} figures hold, {len(short)} fall short.")
    if failed:
        print(f"Broke, see above: {', '.join(failed)}.")


if __name__ == "__main__":
    sys.exit(main())
