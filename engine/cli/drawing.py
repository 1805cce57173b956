"""Documents to stdout, in the format that was asked for."""

from __future__ import annotations

from engine.cli.context import Format
from engine.cli.screen import Screen, emit
from engine.model.plan import Plan
from engine.model.result import RunResult
from engine.report.documents import to_json
from engine.report.html import Chapter, report_html
from engine.report.lines import draw
from engine.report.markdown import plan_markdown, run_markdown
from engine.report.plan_text import plan_text
from engine.report.run_text import run_text


def show_plan(screen: Screen, plan: Plan, form: Format) -> None:
    """Draw a plan on stdout."""
    match form:
        case Format.TEXT:
            draw(screen.out, plan_text(plan))
        case Format.JSON:
            emit(screen, to_json(plan))
        case Format.MARKDOWN:
            emit(screen, plan_markdown(plan))
        case Format.HTML:
            emit(screen, report_html("Rollcall plan", [Chapter("Plan", plan)]))


def show_run(screen: Screen, plan: Plan, run: RunResult, form: Format) -> None:
    """Draw a run on stdout; the page also shows the plan that it walked."""
    match form:
        case Format.TEXT:
            draw(screen.out, run_text(run))
        case Format.JSON:
            emit(screen, to_json(run))
        case Format.MARKDOWN:
            emit(screen, run_markdown(run))
        case Format.HTML:
            emit(screen, report_html("Rollcall apply", [Chapter("Plan", plan), Chapter("Apply", run)]))
