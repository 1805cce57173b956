"""Installers on a web server and on a share: planned without them, fetched once, installed from the cache."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.app.errors import InvalidInput
from engine.model.result import Outcome
from engine.rehearsal.media.build import read_media
from tests.e2e.bench import Bench, outcomes, server
from tests.support.web_server import WebServer, gives, running

SCHOOL = "fetched"
DEPOT = rf"\\{server(SCHOOL)}\D$\Depot\classic-5.msi"
_SOFTWARE = """
software:
  - {name: web-tool, hosts: lab}
  - {name: shared-tool, hosts: lab}
  - {name: lost-tool, hosts: lab}
registry_values:
  - {key: 'HKLM\\SOFTWARE\\Bench', name: Fetched, type: dword, data: 1, hosts: lab}
"""
_ENTRY = """\
software: {name}
title: {title}
publisher: Bench
versions:
  - version: '{version}'
    installer: {{type: msi, source: '{source}', size: {size}, sha256: {sha256}}}
    detection: {{upgrade_code: '{upgrade}'}}
"""


@pytest.fixture
def web(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """The web server; the catalog offers its files, and one of a share, as long as the test takes.

    district.yaml lists the web server's folder `/pub/` and the share's folder only.
    """
    folder = bench.project.manifests / "catalog" / "software"
    district = bench.project.manifests / "district.yaml"
    before = district.read_text()
    folder.mkdir(parents=True, exist_ok=True)
    media = bench.project.manifests / "media"
    made = {each.id: each for each in read_media(media / "media.toml").installer}
    with running(tmp_path) as served:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
        monkeypatch.setenv("NO_PROXY", "*")
        district.write_text(
            f"{before}installer_sources: ['{served.url('/pub/')}', '{DEPOT.rpartition(chr(92))[0]}']\n"
        )
        offered = {
            "web-tool": ("classic-6", served.url("/pub/classic-6.msi")),
            "shared-tool": ("classic-5", DEPOT),
            "lost-tool": ("slow", served.url("/pub/slow-1.0.msi")),
        }
        for name, (id_, source) in offered.items():
            product = made[id_]
            data = (media / product.file).read_bytes()
            entry = _ENTRY.format(
                name=name,
                title=product.title,
                version=product.version,
                source=source,
                size=len(data),
                sha256=hashlib.sha256(data).hexdigest(),
                upgrade=product.upgrade,
            )
            (folder / f"{name}.yaml").write_text(entry)
        served.scripts["/pub/classic-6.msi"] = gives((media / "classic-6.msi").read_bytes())
        yield served
        bench.declare(SCHOOL, "")
        for name in offered:
            (folder / f"{name}.yaml").unlink()
        district.write_text(before)


def test_installers_come_from_servers_when_they_are_needed(bench: Bench, web: WebServer) -> None:
    bench.declare(SCHOOL, _SOFTWARE)

    assert bench.rollcall("validate").code == 0
    plan = bench.plan(SCHOOL)
    assert web.asked == []
    assert not bench.project.cache.exists()
    assert str(bench.folder) not in plan.model_dump_json()

    result = bench.apply(plan)

    ended = outcomes(result)
    assert ended.pop("software/lost-tool") is Outcome.FAILED
    assert len(ended) == 3
    assert set(ended.values()) == {Outcome.CHANGED}
    lost = {each.message for each in result.results if each.address.name == "lost-tool"}
    assert lost == {
        f"manifests/catalog/software/lost-tool.yaml:6:36: {web.url('/pub/slow-1.0.msi')} could not be "
        "fetched: the server has no such file (HTTP 404) (correct `source`, or put the file there)"
    }
    # Once each, for two computers.
    assert sorted(path for path, _ in web.asked) == ["/pub/classic-6.msi", "/pub/slow-1.0.msi"]
    assert len(list(bench.project.cache.iterdir())) == 2

    again = bench.plan(SCHOOL)
    assert {change.address.name for change in again.changes} == {"lost-tool"}
    web.asked.clear()
    web.scripts["/pub/slow-1.0.msi"] = gives((bench.project.manifests / "media/slow-1.0.msi").read_bytes())
    assert set(outcomes(bench.apply(again)).values()) == {Outcome.CHANGED}
    assert [path for path, _ in web.asked] == ["/pub/slow-1.0.msi"]
    assert bench.plan(SCHOOL).changes == ()


def test_validate_fetches_when_it_is_asked_to_and_tells_what_it_could_not(
    bench: Bench, web: WebServer
) -> None:
    shutil.rmtree(bench.project.cache, ignore_errors=True)

    assert bench.rollcall("validate", "--files").code == 0
    assert web.asked == []
    assert not bench.project.cache.exists()

    said = bench.rollcall("validate", "--fetch")

    assert said.code == 3
    assert (
        f"manifests/catalog/software/lost-tool.yaml:6:36: {web.url('/pub/slow-1.0.msi')} could not"
        in said.out
    )
    assert "lost-tool.yaml:6:36: \\\\FETCHED-SRV" not in said.out
    assert "Fetching classic-6.msi" in said.err
    assert len(list(bench.project.cache.iterdir())) == 1


def test_a_source_elsewhere_is_a_mistake_and_nobody_is_asked_for_it(bench: Bench, web: WebServer) -> None:
    bench.declare(SCHOOL, _SOFTWARE)
    plan = bench.plan(SCHOOL)
    shutil.rmtree(bench.project.cache, ignore_errors=True)
    entry = bench.project.manifests / "catalog" / "software" / "web-tool.yaml"
    entry.write_text(entry.read_text().replace("/pub/", "/private/"))

    said = bench.rollcall("validate", "--files", "--fetch")

    assert said.code == 3
    told = f"web-tool.yaml:6:36: {web.url('/private/classic-6.msi')} is in no place that installers may come"
    assert told in said.out
    assert "/private/classic-6.msi" not in [path for path, _ in web.asked]
    web.asked.clear()
    with pytest.raises(InvalidInput):
        bench.apply(plan)
    assert web.asked == []
