"""What plans and runs look like as text."""

from __future__ import annotations

import io

from rich.console import Console

from engine.model.plan import Action, Plan, Reason
from engine.model.result import Outcome
from engine.report.lines import Line, draw, plain
from engine.report.plan_text import plan_text
from engine.report.run_text import run_text
from tests.report.samples import (
    LAB,
    SERVER,
    change,
    drift,
    field,
    host,
    plan,
    result,
    run,
    whole_plan,
    whole_run,
)

WHOLE_PLAN = r"""
Plan of 2026-09-01 12:00 UTC  target rehearsal, manifests 1a2b3c4

Changes

  dundalk-hs  DHS-SRV01
    + create directory D:\Shares\Staff  not on the host  [manifests/schools/dundalk-hs/resources.yaml:4:3]
        owner: BUILTIN\Administrators
    ~ update share Staff  the manifest changed, or it was never applied  [manifests/schools/dundalk-hs/resources.yaml:4:3]
        description: Staff -> Shared documents of the staff
        change:
          - Everyone
          + BCPS\DHS-Staff
    - delete share Old  protected  unshared; the folder and its files stay  no longer declared  [manifests/schools/dundalk-hs/resources.yaml:4:3]

  dundalk-hs  DHS-L114-[01-30] (30 hosts)
    + create software geogebra  not on the host  [manifests/schools/dundalk-hs/resources.yaml:4:3]
        version: 6.0.8

Drift: changed on the hosts since the last apply, to be put right

  dundalk-hs  DHS-SRV01
    ~ update service Spooler  changed on the host since the last apply  [manifests/schools/dundalk-hs/resources.yaml:4:3]
        start_type: disabled -> automatic

Blocked: not planned, and why
  DHS-SRV01  share Home  unknown: no such account: BCPS\X  [manifests/schools/dundalk-hs/resources.yaml:9:3]

Unreachable: pending until they answer
  dundalk-hs  DHS-LIB-01  connect: no answer within 5 s

Not read, and why
  dundalk-hs  DHS-LIB-02  logon: wrong user or password

Plan for 33 hosts: 31 to create, 2 to update, 1 to delete, 1 of them drift, 37 unchanged, 1 blocked, 1 host unreachable, 1 host not read
"""  # noqa: E501  a golden drawing is as wide as it is

WHOLE_RUN = r"""
Apply of 2026-09-01 12:00 UTC  run r-1

                    changed  failed  refused  unreachable  skipped  not started  seconds
  DHS-SRV01               1       .        1            .        1            .      4.5
  DHS-L114-[01-03]        .       1        .            .        .            .      1.5
  DHS-LIB-01              .       .        .            1        .            .      1.5
  DHS-LIB-02              .       .        .            .        .            1      1.5

Not done
  failed  DHS-L114-[01-03]  create share App: exit code 1603
      ... (4 earlier lines)
      | log line 5
      | log line 6
      | log line 7
      | log line 8
      | log line 9
      | log line 10
      | log line 11
      | log line 12
      | log line 13
      | log line 14
  refused  DHS-SRV01  create share Home: it changed since it was planned
  unreachable  DHS-LIB-01  create share App: connect: refused
  skipped  DHS-SRV01  create share Drop: needs directory D:\Drop, which failed

Apply finished in 12.0 s: 1 changed, 3 failed, 1 refused, 1 unreachable, 1 skipped, 1 not started
"""


def _text(made: Plan) -> str:
    return plain(plan_text(made))


def test_a_plan_drawn_whole() -> None:
    assert _text(whole_plan()) == WHOLE_PLAN.lstrip()


def test_a_run_drawn_whole() -> None:
    assert plain(run_text(whole_run())) == WHOLE_RUN.lstrip()


def test_an_empty_plan_says_that_all_is_well() -> None:
    text = _text(plan(hosts=(host(SERVER, unchanged=9),)))
    assert "Nothing to do: every host is as declared." in text
    assert "Plan for 1 host: no changes, 9 unchanged" in text


def test_a_plan_without_changes_but_with_an_unreachable_host_does_not_say_that_all_is_well() -> None:
    unreachable = tuple(item for item in whole_plan().hosts if item.error)
    assert "Nothing to do" not in _text(plan(hosts=unreachable))


def test_hosts_with_a_difference_stand_apart() -> None:
    odd = change(LAB[4], "software", "geogebra", field("version", after="5.0"))
    others = (
        change(name, "software", "geogebra", field("version", after="6.0.8"))
        for name in LAB
        if name != LAB[4]
    )
    text = _text(plan(odd, *others))
    assert "DHS-L114-[01-04,06-30] (29 hosts)" in text
    assert "  dundalk-hs  DHS-L114-05\n" in text


def test_a_text_is_shown_as_its_lines() -> None:
    made = drift(
        SERVER, "file", r"C:\motd.txt", field("content", "a", "b", diff="--- x\n+++ y\n@@ -1 +1 @@\n-a\n+b\n")
    )
    assert "content:\n          @@ -1 +1 @@\n          - a\n          + b\n" in _text(plan(made))


def test_long_differences_are_cut_and_counted() -> None:
    diff = "".join(f"+line {number}\n" for number in range(500))
    text = _text(plan(drift(SERVER, "file", "x", field("content", "", "b", diff=diff))))
    assert "(440 more lines)" in text
    assert text.count("+ line") == 60


def test_values_of_different_types_can_be_told_apart() -> None:
    made = change(
        SERVER, "registry_value", "x", field("data", 1, "1"), action=Action.UPDATE, reason=Reason.DIFFERS
    )
    assert 'data: 1 -> "1"' in _text(plan(made))


def test_a_list_in_another_order_is_no_empty_difference() -> None:
    made = change(SERVER, "x", "x", field("order", ("a", "b"), ("b", "a")), action=Action.UPDATE)
    assert "order: a, b -> b, a" in _text(plan(made))


def test_hosts_that_were_given_up_are_told_once_with_their_common_reason() -> None:
    held = "another apply is running: root on vm, process 9, since 22:30 UTC"
    results = [
        result(share, Outcome.REFUSED, f"{said}{name}: {held}", host=name)
        for name in LAB[:3]
        for share, said in (("A", ""), ("B", "not tried: "), ("C", "not tried: "))
    ]
    text = plain(run_text(run(*results)))
    assert text.count("another apply") == 1
    assert f"  refused  DHS-L114-[01-03]  nothing was done: {held}\n" in text


def test_what_was_not_tried_after_a_failure_is_told_once() -> None:
    lost = f"{SERVER}: read: the connection was lost"
    ended = (
        result("A", Outcome.CHANGED),
        result("B", Outcome.UNREACHABLE, lost),
        *(result(name, Outcome.UNREACHABLE, f"not tried: {lost}") for name in "CDE"),
    )
    text = plain(run_text(run(*ended)))
    assert "  unreachable  DHS-SRV01  create share B: read: the connection was lost\n" in text
    assert text.count("the changes after it were not tried") == 1


def test_a_removal_says_what_stays_and_not_every_field() -> None:
    text = _text(
        plan(
            change(SERVER, "share", "Old", field("path", r"D:\Old"), action=Action.DELETE),
            change(SERVER, "service", "X", action=Action.FORGET),
        )
    )
    assert "- delete share Old  unshared; the folder and its files stay" in text
    assert "no longer managed; it stays as it is" in text
    assert "not set" not in text


def test_a_cancelled_run_says_so() -> None:
    text = plain(run_text(run(result("Staff", Outcome.NOT_STARTED), cancelled=True)))
    assert "Apply cancelled after 12.0 s: 1 not started" in text


def _on_terminal(lines: tuple[Line, ...], width: int) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=True, color_system=None)
    draw(console, lines)
    return stream.getvalue()


def test_lines_wrap_on_a_terminal_and_keep_their_words() -> None:
    for width in (80, 30):
        drawn = _on_terminal(plan_text(whole_plan()), width)
        assert max(map(len, drawn.splitlines())) <= width
        assert drawn.split() != []
        assert "".join(drawn.split()) == "".join(WHOLE_PLAN.split())


def test_lines_do_not_wrap_in_a_pipe() -> None:
    stream = io.StringIO()
    draw(Console(file=stream, width=40), plan_text(whole_plan()))
    assert stream.getvalue() == WHOLE_PLAN.lstrip()
