"""Tries one document: the whole way from bytes to findings, watched for crashes and for time."""

from __future__ import annotations

import signal
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from ci.fuzz.documents import Document
from engine.compiler.connection import connection_settings
from engine.compiler.district import load_district
from engine.compiler.school import check_school, compile_school
from engine.model.origin import Finding

LIMIT = 1.0  # seconds of processor time that a document may take
PATIENCE = 10.0  # seconds of processor time after which it counts as endless


@dataclass(frozen=True, slots=True)
class Trouble:
    """What should not have happened. `kind` is short and the same for the same mistake."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a document."""

    seconds: float  # of processor time
    findings: int
    trouble: Trouble | None


class Endless(Exception):
    """A document took longer than anybody would wait."""


class Trial:
    """A small district on disk in which one file after the other is replaced."""

    def __init__(self, folder: Path, base: Mapping[str, str]) -> None:
        """`folder` holds the manifests of `base` already, and media."""
        self._manifests = folder
        self._base = base

    def run(self, document: Document) -> Tried:
        path = self._manifests / document.target
        path.write_bytes(document.data)
        begun = time.process_time()
        findings: tuple[Finding, ...] = ()
        try:
            with _patience():
                findings = _everything(self._manifests)
            trouble = _odd_finding(findings)
        except Endless:
            trouble = Trouble("endless", f"more than {PATIENCE} s")
        except Exception as error:  # noqa: BLE001  any exception is what is looked for
            trouble = Trouble(_place(error), "".join(traceback.format_exception(error)))
        finally:
            path.write_text(self._base[document.target], encoding="utf-8")
        seconds = time.process_time() - begun
        if trouble is None and seconds > LIMIT:
            trouble = Trouble("slow", f"{seconds:.2f} s")
        return Tried(seconds, len(findings), trouble)


def _everything(manifests: Path) -> tuple[Finding, ...]:
    """All findings of loading, checking and compiling, which must agree."""
    loaded = load_district(manifests)
    findings = set(loaded.findings)
    if loaded.district is None:
        return tuple(findings)
    for school in loaded.district.schools:
        checked = check_school(loaded.district, school)
        compiled = compile_school(loaded.district, school)
        if checked.findings != compiled.findings:
            raise AssertionError(f"checked and compiled differ: {checked.findings} {compiled.findings}")
        findings.update(checked.findings)
        if not findings:
            connection_settings(loaded.district, school)
    return tuple(findings)


def _odd_finding(findings: tuple[Finding, ...]) -> Trouble | None:
    """A finding that is no line for people."""
    for finding in findings:
        text = str(finding)
        if "\n" in text:
            return Trouble(f"two lines for {finding.rule}", text)
        if "Traceback" in text or finding.origin.line < 1 or finding.origin.column < 1 or not finding.message:
            return Trouble(f"no place or no words for {finding.rule}", text)
    return None


def _place(error: BaseException) -> str:
    """The exception's name and the innermost line of our own, where the same mistake shows again."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/engine/" in frame.filename]
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "outside"
    return f"{type(error).__name__} at {where}"


@contextmanager
def _patience() -> Iterator[None]:
    def stop(signal_number: int, frame: FrameType | None) -> None:
        raise Endless(f"signal {signal_number} at {frame}")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
