"""JSON is the document itself, and comes back equal."""

from __future__ import annotations

import json

import pytest

from engine.report.documents import NotADocument, from_json, to_json
from engine.report.html import Chapter, report_html
from tests.report.samples import whole_plan, whole_run


def test_documents_come_back_equal() -> None:
    for document in (whole_plan(), whole_run()):
        assert from_json(to_json(document).encode()) == document


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff", b'{"run": 1}'])
def test_anything_else_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(NotADocument) as caught:
        from_json(data)
    assert "\n" not in str(caught.value)


def test_a_plan_of_another_format_is_refused_with_the_reason() -> None:
    data = json.loads(to_json(whole_plan())) | {"format_version": "9.0"}
    with pytest.raises(NotADocument, match=r"plan format 9\.0"):
        from_json(json.dumps(data).encode())


def test_a_page_has_a_chapter_per_document() -> None:
    page = report_html("Monday", [Chapter("Before", whole_plan()), Chapter("The run", whole_run())])
    assert page.startswith("<!doctype html>")
    assert '<a href="#part-2">The run</a>' in page
    assert "DHS-L114-[01-30] (30 hosts)" in page
    assert "log line 1\n" in page
