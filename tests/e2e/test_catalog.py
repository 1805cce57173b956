"""A product that needs another one, takes the place of a third, and waits for people to close it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from engine.model.plan import Action, Change, Plan
from engine.model.result import Outcome
from engine.rehearsal.media.build import read_media
from tests.e2e.bench import Bench, outcomes, workstations

SCHOOL = "catalog"
HOST, OTHER = workstations(SCHOOL)

# The runtime reports fewer numbers than its maker's page, and asks for a restart that nobody needs.
_CATALOG = {
    "runtime": """\
software: runtime
title: Runtime
publisher: Bench
restart: ignore
compared_parts: 2
versions:
  - version: 14.40.33810
    installer: {{type: msi, source: media/runtime.msi, sha256: {sha256}}}
    detection: {{upgrade_code: '{upgrade}'}}
""",
    "classic-5": """\
software: classic-5
title: Classic 5
publisher: Bench
versions:
  - version: '5.2'
    installer: {{type: msi, source: media/classic-5.msi, sha256: {sha256}}}
    detection: {{upgrade_code: '{upgrade}'}}
""",
    "classic-6": """\
software: classic-6
title: Classic 6
publisher: Bench
requires: [runtime]
supersedes: [classic-5]
blocking_applications: [Classic]
versions:
  - version: 6.0.848
    installer: {{type: msi, source: media/classic-6.msi, sha256: {sha256}}}
    detection: {{upgrade_code: '{upgrade}'}}
""",
}
_BEFORE = rf"""
software: [{{name: classic-5, hosts: {HOST}}}]
files: [{{path: 'C:\Tools\Classic.exe', source: media/quick-setup.exe, hosts: {HOST}}}]
"""
_AFTER = rf"""
software: [{{name: classic-6, hosts: {HOST}}}]
files: [{{path: 'C:\Tools\Classic.exe', source: media/quick-setup.exe, hosts: {HOST}}}]
"""


@pytest.fixture(scope="module", autouse=True)
def offered(bench: Bench) -> None:
    media = bench.project.manifests / "media"
    folder = bench.project.manifests / "catalog" / "software"
    folder.mkdir(parents=True, exist_ok=True)
    made = {each.id: each for each in read_media(media / "media.toml").installer}
    for name, text in _CATALOG.items():
        filled = text.format(sha256=_sha256(media / f"{name}.msi"), upgrade=made[name].upgrade)
        (folder / f"{name}.yaml").write_text(filled)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _software(plan: Plan) -> dict[str, Change]:
    return {change.address.name: change for change in plan.changes if change.address.kind == "software"}


def test_a_product_brings_what_it_needs_and_takes_the_old_one_s_place_when_nobody_uses_it(
    bench: Bench,
) -> None:
    bench.declare(SCHOOL, _BEFORE)
    bench.converge(SCHOOL)
    bench.by_hand(HOST, r"Start-Process -FilePath C:\Tools\Classic.exe")
    bench.declare(SCHOOL, _AFTER)

    plan = bench.plan(SCHOOL, hosts=[HOST])
    drawn = bench.rollcall("plan", "--host", HOST, "--target", "rehearsal")

    changes = _software(plan)
    assert {name: change.action for name, change in changes.items()} == {
        "runtime": Action.CREATE,
        "classic-5": Action.DELETE,
        "classic-6": Action.CREATE,
    }
    assert set(changes["classic-6"].needs) == {changes["runtime"].address, changes["classic-5"].address}
    waiting = {name: change.waiting for name, change in changes.items() if change.waiting}
    assert waiting == dict.fromkeys(("classic-5", "classic-6"), "Classic is running on the host")
    assert "waits: Classic is running on the host" in drawn.out

    deferred = bench.apply(plan)

    assert outcomes(deferred) == {
        "software/runtime": Outcome.CHANGED,
        "software/classic-5": Outcome.DEFERRED,
        "software/classic-6": Outcome.SKIPPED,
    }
    assert not any(result.reboot_required for result in deferred.results)
    again = bench.plan(SCHOOL, hosts=[HOST])
    assert set(_software(again)) == {"classic-5", "classic-6"}

    bench.by_hand(HOST, "Stop-Process -Name Classic -Force")
    done = bench.apply(again)

    assert set(outcomes(done).values()) == {Outcome.CHANGED}
    assert bench.plan(SCHOOL, hosts=[HOST]).changes == ()
    shown = bench.by_hand(HOST, "Get-RollcallInstalledProduct -DisplayName 'Classic 5'")
    assert "False" in " ".join(shown.lines)


def test_what_came_along_stays_when_it_is_no_longer_needed(bench: Bench) -> None:
    product = f"software: [{{name: classic-6, hosts: {OTHER}}}]\n"
    bench.declare(SCHOOL, product)
    plan = bench.plan(SCHOOL, hosts=[OTHER])
    assert set(_software(plan)) == {"runtime", "classic-6"}  # there is no old one to remove
    assert set(outcomes(bench.apply(plan)).values()) == {Outcome.CHANGED}

    bench.declare(SCHOOL, "")
    removal = bench.plan(SCHOOL, hosts=[OTHER])

    actions = {name: change.action for name, change in _software(removal).items()}
    assert actions == {"classic-6": Action.DELETE, "runtime": Action.FORGET}
    assert set(outcomes(bench.apply(removal)).values()) == {Outcome.CHANGED}
    assert bench.plan(SCHOOL, hosts=[OTHER]).changes == ()
    shown = bench.by_hand(OTHER, "Get-RollcallInstalledProduct -DisplayName Runtime")
    assert "True" in " ".join(shown.lines)
