"""fleet.json: what is wrong in it is said in words, and passwords are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.rehearsal.fleet import credentials, spec
from engine.rehearsal.fleet.spec import FleetInvalid
from tests.support.fleet import ADMINISTRATOR, PASSWORD, write_fleet


def _changed(folder: Path, path: tuple[str | int, ...], value: object) -> None:
    write_fleet(folder, ["DHS-SRV01", "DHS-L114-01"])
    document = json.loads((folder / "fleet.json").read_text())
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    (folder / "fleet.json").write_text(json.dumps(document))


def test_a_good_file_gives_hosts_and_a_domain(tmp_path: Path) -> None:
    write_fleet(tmp_path, ["DHS-SRV01", "DHS-L114-01"])
    fleet = spec.load(tmp_path)
    assert [(host.name, host.image) for host in fleet.hosts] == [
        ("DHS-SRV01", "server"),
        ("DHS-L114-01", "workstation"),
    ]
    domain = spec.domain_of(fleet, tmp_path)
    user = domain.user(ADMINISTRATOR)
    assert user is not None
    assert user.password == PASSWORD
    assert len(domain.host_administrators) == 1


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("hosts", 1, "name"), "dhs-srv01", "2 times"),
        (("hosts", 1, "image"), "mainframe", "'mainframe'"),
        (("hosts", 0, "name"), "THIS-NAME-IS-TOO-LONG", "hosts.0.name"),
        (("hosts",), [], "hosts"),
        (("surprise",), 1, "surprise"),
        (("administrator", "user"), r"ELSEWHERE\svc", "ELSEWHERE"),
        (("domain", "users", 0, "password"), "with:colon", "a.rivera"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, path: tuple[str | int, ...], value: object, words: str
) -> None:
    _changed(tmp_path, path, value)
    with pytest.raises(FleetInvalid) as found:
        spec.load(tmp_path)
    assert words in str(found.value)
    assert "with:colon" not in str(found.value)


def test_problems_are_found_together(tmp_path: Path) -> None:
    _changed(tmp_path, ("hosts",), [{"name": "A", "image": "x"}, {"name": "a", "image": "y"}])
    with pytest.raises(FleetInvalid) as found:
        spec.load(tmp_path)
    assert len(found.value.problems) == 3


@pytest.mark.parametrize("text", [None, "{", "[]"])
def test_a_file_that_cannot_be_read(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "fleet.json").write_text(text)
    with pytest.raises(FleetInvalid, match=r"fleet\.json"):
        spec.load(tmp_path)


def test_groups_and_the_password_file_are_checked(tmp_path: Path) -> None:
    _changed(tmp_path, ("domain", "groups", 0, "members"), ["nobody"])
    with pytest.raises(FleetInvalid, match="nobody"):
        spec.domain_of(spec.load(tmp_path), tmp_path)
    (tmp_path / "password").unlink()
    with pytest.raises(FleetInvalid, match="password"):
        spec.domain_of(spec.load(tmp_path), tmp_path)


def test_passwords_are_in_no_repr(tmp_path: Path) -> None:
    write_fleet(tmp_path, ["DHS-SRV01"])
    fleet = spec.load(tmp_path)
    assert "Teach-1" not in repr(fleet)
    assert PASSWORD not in repr(spec.domain_of(fleet, tmp_path).user(ADMINISTRATOR))


def test_the_list_of_credentials_is_for_its_owner_only(tmp_path: Path) -> None:
    write_fleet(tmp_path, ["DHS-SRV01"])
    fleet = spec.load(tmp_path)
    path = credentials.write(tmp_path, fleet, spec.domain_of(fleet, tmp_path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert f"BCPS:svc-rollcall:{PASSWORD}" in path.read_text().splitlines()
