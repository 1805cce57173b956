"""Saving plans and reading them back."""

from __future__ import annotations

from pathlib import Path

from engine.model.plan import Plan


def save_plan(plan: Plan, path: Path) -> None:
    """Write the plan as JSON, whole or not at all. Readable by its owner only."""
    raise NotImplementedError


def load_plan(path: Path) -> Plan:
    """Read a plan that was saved.

    Raises:
        UnusablePlan: no such file, no plan, or a format version that this Rollcall does not know.
    """
    raise NotImplementedError
