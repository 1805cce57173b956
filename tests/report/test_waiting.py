"""Every drawing of a plan says which changes would have to wait, and for what."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.model.plan import Plan
from engine.report.html import Chapter, report_html
from engine.report.markdown import plan_markdown
from engine.report.plan_text import plan_text
from tests.report.samples import whole_plan

WAITING = "GeoGebra is running on the host"


def _text(plan: Plan) -> str:
    return "\n".join(map(str, plan_text(plan)))


def _html(plan: Plan) -> str:
    return report_html("Plans", [Chapter("Plan", plan)])


@pytest.mark.parametrize("draw", [_text, plan_markdown, _html])
def test_a_change_that_waits_says_for_what(draw: Callable[[Plan], str]) -> None:
    plan = whole_plan()
    first, *rest = plan.changes
    waiting = first.model_copy(update={"waiting": WAITING})
    waits = plan.model_copy(update={"changes": (waiting, *rest)})

    assert draw(waits).count(f"waits: {WAITING}") == 1
    assert "waits:" not in draw(plan)
