"""Saving plans and reading them back."""

from __future__ import annotations

from pathlib import Path

from engine.app.beside import move_over, write_beside
from engine.app.errors import UnusablePlan
from engine.model.plan import Plan
from engine.report.documents import NotADocument, from_json

_LIMIT = 1024 * 1024 * 1024  # bytes


def save_plan(plan: Plan, path: Path) -> None:
    """Write the plan as JSON, whole or not at all. Readable by its owner only.

    Raises:
        OSError: the folder cannot be written.
    """
    text = plan.model_dump_json(indent=1) + "\n"
    move_over(write_beside(path, (text.encode(),), mode=0o600), path)


def load_plan(path: Path) -> Plan:
    """Read a plan that was saved.

    Raises:
        UnusablePlan: no such file, no plan, or a format version that this Rollcall does not know.
    """
    try:
        if path.stat().st_size > _LIMIT:
            raise UnusablePlan(f"{path} is too big for a plan")
        document = from_json(path.read_bytes())
    except OSError as error:
        raise UnusablePlan(f"{path}: {error.strerror or error}") from error
    except NotADocument as error:
        raise UnusablePlan(f"{path} is no plan: {error}") from None
    if not isinstance(document, Plan):
        raise UnusablePlan(f"{path} is no plan: it is the result of a run")
    return document
