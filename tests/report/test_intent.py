"""What a change of the manifests looks like as text and as Markdown."""

from __future__ import annotations

import re
import unicodedata

import pytest

from engine.model.intent import IntentAction, IntentChange, IntentDiff, Where
from engine.model.plan import FieldChange
from engine.report.documents import intent_json
from engine.report.intent_markdown import intent_markdown
from engine.report.intent_text import intent_text
from engine.report.intent_view import ORIGINS_SHOWN, SCHOOLS_SHOWN, reach
from engine.report.lines import plain

COMMIT = "0123456789abcdef" * 2 + "01234567"
LAB = Where(school="alpha", hosts=tuple(f"A-LAB-{number:02}" for number in range(1, 31)))
SERVER = Where(school="alpha", hosts=("A-SRV",))
BETA = Where(school="beta", hosts=("B-SRV",))
ORIGIN = "manifests/district.yaml:8:5"


def _change(
    action: IntentAction, name: str, *where: Where, fields: tuple[FieldChange, ...] = ()
) -> IntentChange:
    return IntentChange(
        action=action, kind="service", name=name, fields=fields, origins=(ORIGIN,), where=where
    )


STARTS = FieldChange(field="start", before="manual", after="automatic")
WHOLE = IntentDiff(
    base=COMMIT,
    head="working tree",
    schools_added=(Where(school="gamma", hosts=("C-SRV",)),),
    hosts_removed=(Where(school="beta", hosts=("B-LAB-01", "B-LAB-02")),),
    changes=(
        _change(IntentAction.ADD, "Spooler", SERVER, fields=(FieldChange(field="start", after="manual"),)),
        _change(IntentAction.CHANGE, "W32Time", LAB, BETA, fields=(STARTS,)),
        _change(IntentAction.REMOVE, "Fax", SERVER),
    ),
    files_differ=2,
)
TEXT = """
Desired on the hosts  from 0123456789ab to working tree

  + school gamma with 1 host
  - hosts beta  B-LAB-[01-02] (2 hosts)

  2 schools (31 hosts)
    alpha  A-LAB-[01-30] (30 hosts)
    beta  B-SRV
    ~ change service W32Time  [manifests/district.yaml:8:5]
        start: manual -> automatic

  alpha  A-SRV
    + add service Spooler  [manifests/district.yaml:8:5]
        start: manual
    - remove service Fax  [manifests/district.yaml:8:5]

Resources: 1 added, 31 changed, 1 removed on 32 hosts; 1 school new; 2 hosts gone.
"""


def test_text_shows_what_many_hosts_share_once() -> None:
    assert plain(intent_text(WHOLE)) == TEXT.lstrip("\n")


def test_markdown_says_the_same_and_stays_within_its_limit() -> None:
    text = intent_markdown(WHOLE)
    assert text.startswith("### Resources: 1 added, 31 changed, 1 removed on 32 hosts")
    assert "+ add service Spooler" in text
    assert text.count("<details>") == text.count("</details>") == 2
    many = WHOLE.model_copy(
        update={
            "changes": tuple(
                _change(IntentAction.REMOVE, f"S{n}", Where(school=f"s{n}", hosts=("h",))) for n in range(99)
            )
        }
    )
    short = intent_markdown(many, limit=2_000)
    assert len(short.encode()) <= 2_000
    assert re.search(r"\*\*\d+ more parts do not fit", short)


def test_nothing_that_differs_is_said_so() -> None:
    same = IntentDiff(base=COMMIT, head=COMMIT)
    assert plain(intent_text(same)).splitlines()[-1] == "No host's resources change: no file differs."
    touched = same.model_copy(update={"files_differ": 1})
    assert "1 file differ" in plain(intent_text(touched))


def test_of_many_places_the_first_are_named() -> None:
    places = tuple(f"manifests/schools/s{number}/school.yaml:7:5" for number in range(9))
    change = _change(IntentAction.REMOVE, "Fax", SERVER).model_copy(update={"origins": places})
    text = plain(intent_text(WHOLE.model_copy(update={"changes": (change,)})))
    assert text.count("school.yaml") == ORIGINS_SHOWN
    assert f"s{ORIGINS_SHOWN - 1}/school.yaml:7:5 and {9 - ORIGINS_SHOWN} more]" in text


BROKEN = IntentDiff(
    base=COMMIT,
    head=COMMIT,
    schools_whole=(LAB,),
    schools_removed=(Where(school="gone", hosts=()),),
    base_mistakes=("manifests/district.yaml:1:1: <b>no\x1b[2J` [unknown-field]",),
    base_mistakes_count=3,
)


def test_mistakes_of_the_base_are_listed_before_what_they_reach() -> None:
    lines = plain(intent_text(BROKEN)).splitlines()
    assert lines[2] == "  The base has 3 mistakes. What they may reach counts as changed as a whole:"
    assert lines[3].startswith("    manifests/district.yaml:1:1: <b>no")
    assert lines[4] == "    and 2 more"
    assert lines[6:8] == ["  - school gone", "  ~ all of school alpha with 30 hosts"]
    assert lines[-1] == "1 school gone; 1 school as a whole."
    assert "\x1b" not in "".join(lines)
    text = intent_markdown(BROKEN)
    assert text.count("<details>") == text.count("</details>") == 1
    assert "- changed: <code>all of school alpha with 30 hosts</code>" in text
    assert "\x1b" not in text
    assert reach(BROKEN) == "alpha (all of it: the base has mistakes)"


def test_json_reads_back() -> None:
    assert IntentDiff.model_validate_json(intent_json(WHOLE)) == WHOLE


def test_schools_that_are_reached_are_named_with_the_reason() -> None:
    assert reach(WHOLE) == "alpha (3 resources), beta (1 resource, 2 former hosts), gamma (new)"
    assert "nothing to plan" in reach(IntentDiff(base=COMMIT, head=COMMIT))
    many = tuple(Where(school=f"s{number:03}", hosts=("h",)) for number in range(SCHOOLS_SHOWN + 2))
    assert reach(IntentDiff(base=COMMIT, head=COMMIT, schools_added=many)).endswith("and 2 more schools")


@pytest.mark.parametrize("hostile", ["\x1b[2J", "a\u202eb", "```\n# x", "</details><script>"])
def test_nothing_in_it_acts(hostile: str) -> None:
    odd = WHOLE.model_copy(update={"changes": (_change(IntentAction.REMOVE, hostile, SERVER),)})
    text = plain(intent_text(odd))
    assert not {unicodedata.category(character) for character in text.replace("\n", "")} & {"Cc", "Cf"}
    assert intent_markdown(odd).count("<details>") == 1
    assert "\x1b" not in intent_markdown(odd)
