"""Many documents, one after the other, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ci.fuzz.documents import Document, Documents
from ci.fuzz.seeds import BASE
from ci.fuzz.shrink import smallest
from ci.fuzz.trial import Trial
from tests.support.small_district import write_district


@dataclass(slots=True)
class Found:
    """One kind of trouble with the smallest document that makes it."""

    document: Document
    number: int  # of the first document that made it
    detail: str
    count: int = 1


@dataclass(slots=True)
class Report:
    """The figures of a run."""

    documents: int = 0
    wrong: int = 0  # documents with findings
    seconds: float = 0.0  # of processor time, of all
    slowest: float = 0.0
    slowest_number: int = 0
    troubles: dict[str, Found] = field(default_factory=dict)

    def __str__(self) -> str:
        count = sum(found.count for found in self.troubles.values())
        return (
            f"{self.documents:,} documents, {self.wrong:,} of them wrong, {count:,} in trouble;"
            f" {self.seconds:,.0f} s, the slowest {self.slowest:.3f} s (number {self.slowest_number})"
        )


def fuzz(folder: Path, seed: int, numbers: Iterable[int], progress: Callable[[Report], None]) -> Report:
    """Try the documents of these numbers in a new small district below `folder`."""
    trial = Trial(write_district(folder, BASE), BASE)
    documents = Documents(seed)
    report = Report()
    for number in numbers:
        document = documents.make(number)
        tried = trial.run(document)
        report.documents += 1
        report.wrong += tried.findings > 0
        report.seconds += tried.seconds
        if tried.seconds > report.slowest:
            report.slowest, report.slowest_number = tried.seconds, number
        if tried.trouble is not None:
            _note(report, number, document, trial)
        progress(report)
    return report


def _note(report: Report, number: int, document: Document, trial: Trial) -> None:
    trouble = trial.run(document).trouble
    if trouble is None:  # it was slow once
        return
    known = report.troubles.get(trouble.kind)
    if known is not None:
        known.count += 1
        return

    def still(data: bytes) -> bool:
        found = trial.run(Document(document.target, data)).trouble
        return found is not None and found.kind == trouble.kind

    shrunk = Document(document.target, smallest(document.data, still))
    report.troubles[trouble.kind] = Found(shrunk, number, trouble.detail)
