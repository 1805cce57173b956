"""Nothing that a host or a manifest says can act on a terminal, in Markdown or in HTML."""

from __future__ import annotations

import html.parser
import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from engine.model.plan import Plan
from engine.model.result import Outcome, RunResult
from engine.report.html import Chapter, report_html
from engine.report.lines import draw, plain
from engine.report.markdown import plan_markdown, run_markdown
from engine.report.plan_text import plan_text
from engine.report.run_text import run_text
from engine.report.visible import clean
from tests.report.samples import SERVER, change, drift, field, host, plan, result, run

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07",
    "a\rb\nc\x08d\x9bm",
    "admin\u202egnp.exe\u2066\u200b",
    "[bold red]x[/] [link=http://x]y[/link]",
    "</code></summary></details><script>alert(1)</script>",
    "```\n# out of the fence\n````",
    "`x` | y @everyone #12 <!-- ![](http://x) [a](javascript:x)",
    "{{ 7 * 7 }} {% raw %}",
)

texts = st.text(min_size=1).filter(lambda text: "/" not in text) | st.sampled_from(
    [text.replace("/", "|") for text in HOSTILE]
)


def _hostile_plan(text: str) -> Plan:
    diff = f"--- a\n+++ b\n@@ -1 +1 @@\n-{text}\n+{text}\n"
    return plan(
        change(SERVER, "share", text, field(text, after=text), field("list", (text,), ("x",))),
        drift(SERVER, "file", "x", field("content", text, "b", diff=diff)),
        hosts=(host(SERVER),),
    )


def _hostile_run(text: str) -> RunResult:
    return run(result(text, Outcome.FAILED, text, f"{text}\n{text}"))


@pytest.mark.parametrize(
    "character", "\u3164\uffa0\u115f\u1160\u2800\u034f\ufe0f\U000e0100\u180b\u17b4\u200d"
)
def test_what_is_drawn_as_nothing_is_shown(character: str) -> None:
    assert clean(f"a{character}b").isascii()


@pytest.mark.parametrize("text", ["École", "教育", "한국어", "हिन्दी", "ไทย", "⠃⠗", "😀", "e\u0301"])
def test_what_people_write_stays(text: str) -> None:
    assert clean(text) == text


@given(texts)
def test_clean_text_has_no_character_that_acts(text: str) -> None:
    cleaned = clean(text)
    assert not {unicodedata.category(c) for c in cleaned} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert clean(cleaned) == cleaned
    cleaned.encode()


def test_only_what_acts_is_replaced() -> None:
    assert clean("\ud800") == r"\ud800"  # cannot be encoded
    for text in ("Grüße aus dem Büro", r"D:\Shares\Staff", "日本語 😀", "50 % [x]"):
        assert clean(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_terminal_gets_no_escape_and_no_markup(text: str) -> None:
    for lines in (plan_text(_hostile_plan(text)), run_text(_hostile_run(text))):
        stream = io.StringIO()
        draw(Console(file=stream, width=500, force_terminal=True, color_system=None, markup=True), lines)
        drawn = stream.getvalue()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", drawn)
        assert clean(text.splitlines()[0])[:10] in drawn
        assert len(drawn.splitlines()) == len(plain(lines).splitlines())


def _outside_of_fences(markdown: str) -> str:
    """Reads fences as CommonMark does: closed by at least as many backticks and nothing else."""
    kept, fence = [], ""
    for line in markdown.splitlines():
        run_of_ticks = re.match(r" {0,3}(`{3,})(.*)$", line)
        if not fence and run_of_ticks:
            fence = run_of_ticks[1]
        elif fence and run_of_ticks and run_of_ticks[1].startswith(fence) and not run_of_ticks[2].strip():
            fence = ""
        elif not fence:
            kept.append(line)
    assert not fence, "a fence was left open"
    return "\n".join(kept)


@given(texts)
def test_markdown_stays_in_its_fences_and_tags(text: str) -> None:
    for drawn in (plan_markdown(_hostile_plan(text)), run_markdown(_hostile_run(text))):
        outside = _outside_of_fences(drawn)
        own = re.sub(r"</?(details|summary|code)>", "", outside)
        assert "<" not in own
        assert outside.count("<details>") == outside.count("</details>")
        inline = "".join(re.findall(r"<code>(.*?)</code>", outside))
        assert not re.search(r"[`|*_\[\]\\@]", inline)
        assert not re.search(r"#(?!\d+;)", inline)


def test_markdown_is_bounded_and_closes_what_it_opens() -> None:
    many = plan(
        *(change(f"H{n:04}", "share", f"S{n}", field("description", after="ä`<" * 200)) for n in range(2000))
    )
    for limit in (2_000, 10_000, 60_000):
        drawn = plan_markdown(many, limit)
        assert len(drawn.encode()) <= limit
        assert re.search(r"\*\*\d+ more parts do not fit", drawn)
        _outside_of_fences(drawn)
        assert drawn.count("<details>") == drawn.count("</details>")


class _Page(html.parser.HTMLParser):
    """Collects what a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in {"meta", "link", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def _page(text: str) -> _Page:
    page = _Page()
    chapters = (Chapter(text, _hostile_plan(text)), Chapter("Run", _hostile_run(text)))
    page.feed(report_html(text, chapters))
    page.close()
    return page


@pytest.mark.parametrize("text", HOSTILE)
def test_html_is_escaped(text: str) -> None:
    tame, wild = _page("tame"), _page(text.replace("\n", " "))
    assert wild.tags == tame.tags
    assert wild.attributes == tame.attributes
    assert wild.open == []
    assert clean(text.splitlines()[0])[:10].strip() in wild.text


def test_the_page_loads_and_runs_nothing() -> None:
    page = _page("tame")
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert all(not (value or "").startswith(("http", "//")) for _, value in page.attributes)
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
