"""`python -m engine.rehearsal`: serve simulated hosts, and talk to those that are served."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from engine.rehearsal.fleet import supervisor
from engine.rehearsal.fleet.control import CommandRefused, Control, NotRunning, status
from engine.rehearsal.fleet.messages import FleetStatus
from engine.rehearsal.fleet.process import AlreadyRunning
from engine.rehearsal.fleet.spec import FleetInvalid
from engine.rehearsal.windows.faults import Fault

_STOP_SECONDS = 30.0

# Exit codes, as the engine's own command line has them.
_DONE, _FAILED, _INVALID, _UNREACHABLE = 0, 1, 3, 6


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or _DONE)
    except FleetInvalid as error:
        return _complain(str(error), _INVALID)
    except NotRunning as error:
        return _complain(str(error), _UNREACHABLE)
    except (AlreadyRunning, CommandRefused, supervisor.ShardFailed) as error:
        return _complain(str(error), _FAILED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine.rehearsal", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, about: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.add_argument("--folder", type=Path, required=True, help="where fleet.json and all state are kept")
        return sub

    serve = command("serve", "Serve the fleet of the folder until stopped.")
    serve.add_argument("--shards", type=int, help="number of processes (default: one for each core)")
    serve.set_defaults(run=_serve)
    command("stop", "Stop the fleet; its state is kept.").set_defaults(run=_stop)
    for name, about, run in (
        ("status", "Say whether the fleet runs, and where its hosts listen.", _status),
        ("counters", "Show what each host was asked.", _counters),
    ):
        shown = command(name, about)
        shown.add_argument("--json", action="store_true", help="for machines")
        shown.set_defaults(run=run)
    commands.choices["counters"].add_argument("--reset", action="store_true", help="set them to nought")
    fault = command("fault", "Switch a fault of one host on or off.")
    fault.add_argument("host")
    fault.add_argument("fault", choices=[str(name) for name in Fault], metavar="FAULT", help=", ".join(Fault))
    fault.add_argument("--off", action="store_true")
    fault.set_defaults(run=_fault)
    return parser


def _serve(options: argparse.Namespace) -> int:
    asyncio.run(supervisor.serve(options.folder.resolve(), options.shards))
    return _DONE


def _stop(options: argparse.Namespace) -> int:
    supervising = Control(options.folder).stop()
    deadline = time.monotonic() + _STOP_SECONDS
    while supervising is not None and supervising.is_alive:
        if time.monotonic() > deadline:
            return _complain(f"process {supervising.pid} has not ended yet", _FAILED)
        time.sleep(0.05)
    return _DONE


def _status(options: argparse.Namespace) -> int:
    found = status(options.folder)
    _print(found.model_dump_json(indent=1) if options.json else _status_text(found))
    return _DONE


def _status_text(found: FleetStatus) -> str:
    if not found.running or found.endpoints is None:
        return "not running"
    lines = [f"{len(found.endpoints.hosts)} hosts, processes {', '.join(map(str, found.endpoints.pids))}"]
    for name, endpoint in sorted(found.endpoints.hosts.items()):
        faults = ", ".join(found.hosts[name].faults)
        lines.append(
            f"{name}  {endpoint.address}  winrm {endpoint.winrm_http} https {endpoint.winrm_https}"
            f" smb {endpoint.smb}{'  faults: ' + faults if faults else ''}"
        )
    return "\n".join(lines)


def _counters(options: argparse.Namespace) -> int:
    control = Control(options.folder)
    answer = control.report()
    if options.json:
        _print(answer.model_dump_json(indent=1))
    else:
        for name, report in sorted(answer.hosts.items()):
            _print(f"{name}  " + "  ".join(f"{key} {value}" for key, value in report.counters.items()))
    if options.reset:
        control.reset_counters()
    return _DONE


def _fault(options: argparse.Namespace) -> int:
    Control(options.folder).fault(options.host, Fault(options.fault), not options.off)
    return _DONE


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _complain(text: str, code: int) -> int:
    sys.stderr.write(text + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
