"""What was read of one host, as the executor hands it to the planner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model.plan import HostStatus
from engine.model.query import Answer, Answers, Query
from engine.model.resource import Host


def _no_answers() -> Mapping[Query, Answer]:
    return {}


@dataclass(frozen=True, slots=True)
class HostReading:
    """A host's answers, or why there are none."""

    host: Host
    status: HostStatus
    answers: Answers = field(default_factory=_no_answers)
    error: str = ""  # one line: host, step, cause
