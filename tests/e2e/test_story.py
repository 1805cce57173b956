"""What a liaison sees: a plan, its apply, an empty plan; drift shown and repaired; a stale plan refused."""

from __future__ import annotations

from engine.model.plan import Action, Reason
from engine.model.result import Outcome
from tests.e2e.bench import Bench, outcomes, saved, server

SERVER = server("story")
STAFF = r"""
shares:
  - name: Staff
    hosts: server
    path: D:\Shares\Staff
    description: Documents of the staff
    access: {change: ['BCPS\DHS-Staff']}
  - name: Forms
    hosts: server
    path: D:\Shares\Forms
    description: Forms to fill in
registry_values:
  - {key: 'HKLM\SOFTWARE\BCPS', name: Room, type: string, data: '114', hosts: workstation}
"""


def test_plan_apply_drift_and_a_stale_plan(bench: Bench) -> None:
    bench.declare("story", STAFF)
    target = ("--school", "story", "--target", "rehearsal")

    first = bench.rollcall("plan", *target, "--detailed-exitcode")
    applied = bench.rollcall("apply", *target, "--auto-approve")
    second = bench.rollcall("plan", *target, "--detailed-exitcode", "--out", "second.json")

    assert (first.code, applied.code, second.code) == (2, 0, 0), applied.out
    assert saved(bench.folder / "second.json").changes == ()

    bench.by_hand(SERVER, "Set-SmbShare -Name Staff -Description 'Changed by hand' -Force")
    bench.by_hand(SERVER, "Set-SmbShare -Name Forms -Description 'Changed too' -Force")
    drift = bench.rollcall("plan", *target, "--detailed-exitcode", "--out", "drift.json")

    assert drift.code == 2
    found = saved(bench.folder / "drift.json")
    assert {c.address.name: (c.action, c.reason) for c in found.changes} == {
        "Forms": (Action.UPDATE, Reason.DRIFTED),
        "Staff": (Action.UPDATE, Reason.DRIFTED),
    }
    assert {f.field for c in found.changes for f in c.fields} == {"description"}

    bench.by_hand(SERVER, "Set-SmbShare -Name Staff -Description 'Changed again' -Force")
    stale = bench.rollcall("apply", "drift.json", "--auto-approve")

    assert stale.code == 5, stale.out
    assert "changed on the host since the plan was made" in stale.out
    after = bench.plan("story")
    assert [c.address.name for c in after.changes] == ["Staff"]
    assert outcomes(bench.apply(after)) == {"share/Staff": Outcome.CHANGED}
    assert bench.plan("story").changes == ()


def test_what_is_no_longer_declared_is_removed_and_its_folder_kept(bench: Bench) -> None:
    bench.declare("gone", STAFF)
    bench.converge("gone")
    bench.declare("gone", "")

    plan = bench.plan("gone")
    result = bench.apply(plan)

    assert {(c.address.kind, c.action) for c in plan.changes} == {
        ("share", Action.DELETE),
        ("directory", Action.FORGET),
        ("registry_value", Action.DELETE),
    }
    assert set(outcomes(result).values()) == {Outcome.CHANGED}
    assert bench.plan("gone").changes == ()
    kept = bench.by_hand(server("gone"), r"Get-Item -LiteralPath D:\Shares\Staff")
    assert kept.lines
