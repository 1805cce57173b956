"""Installers on servers are fetched once, and what cannot be had is told in one line with what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest

from engine.app.cache import Cache
from engine.app.fetching import UNHEARD, Origins, fetch
from engine.app.fileservers import file_servers
from engine.app.project import Project
from engine.app.target import Target as Where
from engine.compiler.verify import Remote, remote_installers
from engine.model.errors import HostError, LogonFailed
from engine.model.origin import Origin
from engine.model.source import SharedFile, WebFile, parse_source
from engine.model.sourceplaces import SourcePlaces
from engine.transport.target import Authentication, Login, Target
from tests.support import rehearsed_smb
from tests.support.small_district import load, write_district
from tests.support.smb_contract import ServedHost, put
from tests.support.web_server import WebServer, answers, gives, running

DATA = bytes(range(256)) * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()
PLACES = SourcePlaces.of([r"\\FS01\C$", r"\\FS01\media"])
PLACE = Origin("manifests/catalog/software/tool.yaml", 7, 15)


@dataclass
class Heard:
    """A listener that remembers, and may have had enough."""

    cancel: Event = field(default_factory=Event)
    patience: int = 10**9  # bytes
    names: list[str] = field(default_factory=list)
    count: int = 0
    ended: int = 0

    def fetch_started(self, name: str, size: int) -> None:
        assert size == len(DATA)
        self.names.append(name)

    def fetch_went_on(self, count: int) -> None:
        self.count += count
        if self.count > self.patience:
            self.cancel.set()

    def fetch_ended(self) -> None:
        self.ended += 1


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "state" / "cache")


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    with running(tmp_path) as server:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
        monkeypatch.setenv("NO_PROXY", "*")
        yield server


def remote(text: str, sha256: str = DIGEST, size: int = len(DATA)) -> Remote:
    source = parse_source(text)
    assert isinstance(source, SharedFile | WebFile)
    return Remote(source, sha256, size, PLACE)


def no_servers(name: str) -> Target:
    raise AssertionError(name)


def its_server(wanted: Remote) -> Origins:
    """The web server that has a file may be asked, and nobody else."""
    return Origins(SourcePlaces.of([f"https://{wanted.source.server}/"]), no_servers)


def _problem(wanted: Remote, cache: Cache) -> str:
    problems = fetch([wanted], cache, its_server(wanted), UNHEARD, Event())
    assert not cache.holds(wanted.sha256, wanted.size)
    assert not cache.folder.exists() or list(cache.folder.iterdir()) == []
    return problems[wanted].removeprefix(f"{wanted.source.text} could not be fetched: ")


def test_a_file_is_fetched_once(web: WebServer, cache: Cache) -> None:
    web.scripts["/a.msi"] = gives(DATA)
    wanted, heard = remote(web.url("/a.msi")), Heard()

    for _ in range(2):
        assert fetch([wanted, wanted], cache, its_server(wanted), heard, Event()) == {}

    assert len(web.asked) == 1
    assert cache.holds(DIGEST, len(DATA))
    assert (heard.names, heard.count, heard.ended) == (["a.msi"], len(DATA), 1)


def test_a_spoiled_copy_is_fetched_again(web: WebServer, cache: Cache) -> None:
    web.scripts["/a.msi"] = gives(DATA)
    wanted = remote(web.url("/a.msi"))
    fetch([wanted], cache, its_server(wanted), UNHEARD, Event())
    (cache.folder / DIGEST).write_bytes(b"spoiled")

    assert fetch([wanted], cache, its_server(wanted), UNHEARD, Event()) == {}
    assert cache.holds(DIGEST, len(DATA))


def test_what_is_told(web: WebServer, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    right = "(if the server's file is right, correct `size` and `sha256`)"
    web.scripts["/a.msi"] = gives(DATA)
    web.scripts["/closed.msi"] = answers(403)
    web.scripts["/later.msi"] = answers(503)
    other = "0" * 64
    assert _problem(remote(web.url("/a.msi"), other), cache) == (
        f"it is not the file that was meant: its SHA-256 is {DIGEST} {right}"
    )
    assert _problem(remote(web.url("/a.msi"), DIGEST, 7), cache) == (
        f"the file has {len(DATA)} bytes, and 7 are declared {right}"
    )
    assert _problem(remote(web.url("/none.msi")), cache) == (
        "the server has no such file (HTTP 404) (correct `source`, or put the file there)"
    )
    assert _problem(remote(web.url("/closed.msi")), cache) == (
        "the server does not give the file to everybody (HTTP 403) "
        "(the address must give it to everybody, or use a share)"
    )
    assert _problem(remote(web.url("/later.msi")), cache) == (
        "the server cannot give the file now (HTTP 503) (try again later)"
    )
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    assert "set REQUESTS_CA_BUNDLE to its certificate" in _problem(remote(web.url("/a.msi")), cache)


def test_a_file_without_a_length_that_ends_early(web: WebServer, cache: Cache) -> None:
    web.scripts["/a.msi"] = gives(DATA[:1000], Content_Length="")
    assert _problem(remote(web.url("/a.msi")), cache).startswith(
        f"only 1000 of the {len(DATA)} bytes that are declared came"
    )


def test_only_the_places_that_are_listed_are_asked(web: WebServer, cache: Cache) -> None:
    web.scripts["/pub/a.msi"] = web.scripts["/public/a.msi"] = gives(DATA)
    origins = Origins(SourcePlaces.of([web.url("/pub/"), r"\\FS01\media"]), no_servers)
    elsewhere = [
        remote(text)
        for text in (
            r"\\attacker\media\a.msi",
            r"\\FS01\media-old\a.msi",
            "https://attacker.example/pub/a.msi",
            web.url("/public/a.msi"),
        )
    ]
    assert fetch(elsewhere, cache, origins, UNHEARD, Event()) == {
        each: f"{each.source.text} could not be fetched: it is in no place that installers may come from "
        "(ask DoIT to extend `installer_sources` in district.yaml)"
        for each in elsewhere
    }
    assert web.asked == []
    assert fetch([remote(web.url("/pub/a.msi"))], cache, origins, UNHEARD, Event()) == {}


def test_a_redirect_out_of_the_places_is_told_with_what_to_do(web: WebServer, cache: Cache) -> None:
    web.scripts["/a.msi"] = answers(302, Location="https://169.254.169.254/latest/a.msi?token=S3cret")
    assert _problem(remote(web.url("/a.msi")), cache) == (
        "the way to it leads to 169.254.169.254, where files may not come from "
        "(ask DoIT to extend `installer_sources` in district.yaml)"
    )


def test_one_failure_does_not_stop_the_others(web: WebServer, cache: Cache) -> None:
    web.scripts["/b.msi"] = gives(DATA)
    gone, there = remote(web.url("/a.msi"), "0" * 64), remote(web.url("/b.msi"))

    assert list(fetch([gone, there], cache, its_server(gone), UNHEARD, Event())) == [gone]
    assert cache.holds(DIGEST, len(DATA))


def test_a_server_that_does_not_answer_is_asked_once(cache: Cache) -> None:
    asked: list[str] = []

    def refusing(name: str) -> Target:
        asked.append(name)
        raise LogonFailed(name, "copy", "wrong user or password")

    wanted = [remote(rf"\\{name}\media\{file}.msi", 64 * file) for name in ("FS01", "fs01") for file in "ab"]
    problems = fetch(wanted, cache, Origins(PLACES, refusing), UNHEARD, Event())

    assert asked == ["FS01"]
    assert problems[wanted[0]] == (
        r"\\FS01\media\a.msi could not be fetched: wrong user or password "
        "(the account of `connection` in district.yaml must be allowed to read it)"
    )
    assert problems[wanted[1]] == (
        r"\\FS01\media\b.msi could not be fetched: not tried again: wrong user or password"
    )


def test_giving_up_keeps_nothing_of_the_file_that_was_coming(web: WebServer, cache: Cache) -> None:
    web.scripts["/a.msi"] = gives(DATA)
    heard = Heard(patience=1)
    wanted = [remote(web.url("/a.msi")), remote(web.url("/b.msi"), "0" * 64)]

    assert fetch(wanted, cache, its_server(wanted[0]), heard, heard.cancel) == {}

    assert len(web.asked) == heard.ended == 1
    assert list(cache.folder.iterdir()) == []
    assert fetch(wanted[:1], cache, its_server(wanted[0]), UNHEARD, Event()) == {}
    assert cache.holds(DIGEST, len(DATA))


def test_an_interrupt_keeps_nothing(web: WebServer, cache: Cache) -> None:
    @dataclass
    class Impatient(Heard):
        def fetch_went_on(self, count: int) -> None:
            raise KeyboardInterrupt(count)

    web.scripts["/a.msi"] = gives(DATA)
    wanted = remote(web.url("/a.msi"))
    with pytest.raises(KeyboardInterrupt):
        fetch([wanted], cache, its_server(wanted), Impatient(), Event())
    assert list(cache.folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(web: WebServer, tmp_path: Path) -> None:
    web.scripts["/a.msi"] = gives(DATA)
    (tmp_path / "state").write_text("in the way")
    wanted = remote(web.url("/a.msi"))
    problems = fetch([wanted], Cache(tmp_path / "state" / "cache"), its_server(wanted), UNHEARD, Event())
    assert "could not be fetched: it cannot be kept in cache: " in problems[wanted]


def test_a_file_of_a_share(cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_TEST_PASSWORD", rehearsed_smb.PASSWORD)
    with rehearsed_smb.running(tmp_path) as server:
        host = ServedHost(
            rehearsed_smb.ADDRESS, server.port, rehearsed_smb.ADMINISTRATOR, "env:ROLLCALL_TEST_PASSWORD"
        )
        with host.session() as session:
            session.write(put(r"C:\setup.msi", DATA))
        shared = remote(r"\\FS01\C$\setup.msi")
        missing = remote(r"\\FS01\C$\none.msi", "0" * 64)

        origins = Origins(PLACES, lambda _name: host.target())
        problems = fetch([missing, shared], cache, origins, UNHEARD, Event())

    assert cache.holds(DIGEST, len(DATA))
    (problem,) = problems.values()
    assert problem.startswith(r"\\FS01\C$\none.msi could not be fetched: ")
    assert problem.endswith("(correct `source`, or put the file there)")


_ENTRY = """\
software: tool
title: The Tool
publisher: Test
versions:
  - version: 1.0
    installer: {{type: msi, source: 'https://x.example/tool.msi', size: 7, sha256: {0}}}
    detection: {{upgrade_code: '{{12345678-1234-1234-1234-1234567890AB}}'}}
  - version: 2.0
    installer: {{type: msi, source: '\\\\FS01\\media\\tool.msi', size: 8, sha256: {0}}}
    detection: {{upgrade_code: '{{12345678-1234-1234-1234-1234567890AB}}'}}
  - version: 3.0
    installer: {{type: msi, source: media/tool-1.msi, sha256: {0}}}
    detection: {{upgrade_code: '{{12345678-1234-1234-1234-1234567890AB}}'}}
"""


_LISTED = """\
district: test
name: Test District
installer_sources: [\\\\fs01\\media, 'https://x.example/']
groups:
  high: {name: High schools}
"""


def test_what_the_catalog_has_on_servers(tmp_path: Path) -> None:
    changes = {"catalog/software/tool.yaml": _ENTRY.format(DIGEST), "district.yaml": _LISTED}
    district = load(write_district(tmp_path, changes))
    assert [(each.source.text, each.size, str(each.place)) for each in remote_installers(district)] == [
        ("https://x.example/tool.msi", 7, "manifests/catalog/software/tool.yaml:6:36"),
        (r"\\FS01\media\tool.msi", 8, "manifests/catalog/software/tool.yaml:9:36"),
    ]


_CONNECTION = """\
district: test
name: Test District
connection:
  auth: ntlm
  smb_port: 4450
  dns_suffix: test.example
  credentials: {user: 'TEST\\svc', password: 'env:ROLLCALL_TEST_PASSWORD'}
groups:
  high: {name: High schools}
"""


def test_who_is_asked_for_files_of_shares(tmp_path: Path) -> None:
    manifests = write_district(tmp_path, {"district.yaml": _CONNECTION})
    servers = file_servers(Project(manifests), load(manifests), Where.LIVE)

    assert servers("files.example") == Target(
        host="files.example",
        address="files.example",
        login=Login("TEST\\svc", "env:ROLLCALL_TEST_PASSWORD"),
        authentication=Authentication.NTLM,
        smb_port=4450,
    )
    for name in ("a-srv", "A-SRV.test.example"):
        assert (servers(name).host, servers(name).address) == ("A-SRV", "A-SRV.test.example")


def test_nobody_logs_on_without_an_account(tmp_path: Path) -> None:
    manifests = write_district(tmp_path)
    servers = file_servers(Project(manifests), load(manifests), Where.LIVE)
    with pytest.raises(HostError, match=r"add `connection: credentials:` to manifests/district\.yaml"):
        servers("FS01")


def test_a_server_that_cannot_give_one_file_now_is_asked_for_the_others(web: WebServer, cache: Cache) -> None:
    web.scripts["/later.msi"] = answers(503)
    web.scripts["/often.msi"] = answers(429)
    web.scripts["/a.msi"] = gives(DATA)
    later, often = remote(web.url("/later.msi"), "0" * 64), remote(web.url("/often.msi"), "1" * 64)
    here = remote(web.url("/a.msi"))
    problems = fetch([later, often, here], cache, its_server(here), UNHEARD, Event())
    assert set(problems) == {later, often}
    assert cache.holds(DIGEST, len(DATA))
    assert [path for path, _ in web.asked] == ["/later.msi", "/often.msi", "/a.msi"]
