"""One HTML file that tells a story of plans and runs: it loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from engine.model.plan import Plan
from engine.report.documents import Document
from engine.report.plan_text import SIGNS
from engine.report.plan_view import PlanView, plan_view
from engine.report.run_view import RunView, run_view
from engine.report.visible import clean


@dataclass(frozen=True, slots=True)
class Chapter:
    """One document with the heading that it gets in the page."""

    title: str
    document: Document


@dataclass(frozen=True, slots=True)
class _Part:
    title: str
    plan: PlanView | None
    run: RunView | None


def report_html(title: str, chapters: Iterable[Chapter]) -> str:
    """The chapters in their order, as one self-contained page."""
    # Made anew each time: an environment caches, and drawing is to be a pure function.
    environment = Environment(
        loader=PackageLoader("engine.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    signs = {action.value: sign for action, (sign, _) in SIGNS.items()}
    template = environment.get_template("report.html.j2")
    return template.render(title=clean(title), parts=tuple(map(_part, chapters)), signs=signs)


def _part(chapter: Chapter) -> _Part:
    document = chapter.document
    title = clean(chapter.title)
    if isinstance(document, Plan):
        return _Part(title, plan_view(document), None)
    return _Part(title, None, run_view(document))
