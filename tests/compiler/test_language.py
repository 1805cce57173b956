"""Hosts, selectors, profiles, catalog and connection, as people use them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.compiler.connection import connection_settings
from engine.compiler.media import MediaProblem
from tests.support.small_district import FILES, intent, load, problems, resource, write_district


def hosts_with(folder: Path, selector: str) -> list[str]:
    """The hosts that a selector means in the school alpha."""
    text = f"services:\n  - {{name: X, start: manual, hosts: {selector}}}\n"
    school = intent(write_district(folder, {"schools/alpha/more.yaml": text}))
    return [each.address.host for each in school.resources if each.address.kind == "service"]


@pytest.mark.parametrize(
    ("selector", "hosts"),
    [
        ("server", ["A-SRV"]),
        ("library", ["A-LIB-1", "A-LIB-2"]),
        ("workstation", ["A-LAB-01", "A-LAB-02", "A-LAB-03", "A-LAB-04", "A-LIB-1", "A-LIB-2"]),
        ("a-lib-2", ["A-LIB-2"]),
        ("'A-LAB-[03-04]'", ["A-LAB-03", "A-LAB-04"]),
        ("[server, 'A-LAB-[01-02]', A-LAB-01]", ["A-LAB-01", "A-LAB-02", "A-SRV"]),
        ("all", ["A-LAB-01", "A-LAB-02", "A-LAB-03", "A-LAB-04", "A-LIB-1", "A-LIB-2", "A-SRV"]),
    ],
)
def test_selectors(tmp_path: Path, selector: str, hosts: list[str]) -> None:
    assert hosts_with(tmp_path, selector) == hosts


def test_a_word_that_is_group_and_role_must_mean_the_same_hosts(tmp_path: Path) -> None:
    school = FILES["schools/alpha/school.yaml"].replace("roles: [workstation]}", "roles: [workstation, lab]}")
    told = problems(write_district(tmp_path, {"schools/alpha/school.yaml": school}))
    assert told == [
        "manifests/schools/alpha/resources.yaml:4:43: `lab` is a group of hosts and a role, and they are not"
        " the same hosts of alpha (write `group=lab` or `role=lab`) [ambiguous-selector]"
    ]


def test_ranges_with_exceptions(tmp_path: Path) -> None:
    school = FILES["schools/alpha/school.yaml"].replace(
        "range: 'A-LAB-[01-04]'", "range: 'A-LAB-[01-09]', except: [A-LAB-02, 'A-LAB-[04-08]']"
    )
    district = load(write_district(tmp_path, {"schools/alpha/school.yaml": school}))
    names = [host.name for host in district.hosts() if "quiet" in host.roles]
    assert names == ["A-LAB-01", "A-LAB-03", "A-LAB-09"]


def test_profiles_nest_and_pass_values_on(tmp_path: Path) -> None:
    changes = {
        "profiles/outer.yaml": (
            "profile: outer\n"
            "parameters: {where: {type: text}}\n"
            "profiles:\n"
            "  - {use: marked, hosts: 'A-LAB-[01-02]', "
            " with: {label: '{{ parameters.where }}/{{ host.room }}'}}\n"
        ),
        "schools/alpha/more.yaml": "profiles: [{use: outer, hosts: lab, with: {where: 007}}]\n",
    }
    school = intent(write_district(tmp_path, changes))
    labels = {
        each.address.host: each.spec.model_dump()["data"]
        for each in school.resources
        if each.address.name.endswith("Label")
    }
    assert labels == {"A-LAB-01": "007/08", "A-LAB-02": "007/08"}


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [("", "2.10"), ("version: '>=1.5', ", "2.10"), ("version: 2.9, ", "2.9"), ("version: '2.9.0', ", "2.9")],
)
def test_the_newest_version_that_is_wanted(tmp_path: Path, wanted: str, chosen: str) -> None:
    text = f"software:\n  - {{name: tool, {wanted}hosts: lab}}\n"
    manifests = write_district(tmp_path, {"schools/alpha/resources.yaml": text})
    installer = resource(intent(manifests), "A-LAB-01/software/tool").spec.model_dump()["installer"]
    assert installer["version"] == chosen
    assert installer["source"] == f"media/tool-{chosen[0]}.msi"
    assert installer["size"] == (manifests / installer["source"]).stat().st_size


def test_software_that_should_be_absent_needs_no_installer(tmp_path: Path) -> None:
    text = "software:\n  - {name: tool, hosts: lab, state: absent}\n"
    school = intent(write_district(tmp_path, {"schools/alpha/resources.yaml": text}))
    tool = resource(school, "A-LAB-01/software/tool")
    assert tool.absent
    assert tool.spec.model_dump()["installer"] is None


def test_a_file_that_was_exchanged_is_found_when_it_is_looked_at(tmp_path: Path) -> None:
    district = load(write_district(tmp_path))
    media = district.sources.media
    installer = district.documents.software["tool"].document.versions[0].installer
    file = media.find(installer.source)
    media.verify(file, installer.sha256)
    (tmp_path / "manifests/media/tool-2.msi").write_bytes(b"something else")
    with pytest.raises(MediaProblem, match=r"tool-2.msi is not the file that was meant"):
        media.verify(media.find("media/tool-2.msi"), installer.sha256)


def test_a_printer_brings_its_port_and_driver(tmp_path: Path) -> None:
    text = "printers:\n  - {name: P, model: laser, address: 10.0.0.7, number: 9101, hosts: server}\n"
    school = intent(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    queue = resource(school, "A-SRV/printer/P")
    assert {str(need) for need in queue.needs} == {
        "alpha/A-SRV/printer_port/IP_10.0.0.7",
        "alpha/A-SRV/printer_driver/Generic Driver",
    }
    assert resource(school, "A-SRV/printer_port/IP_10.0.0.7").spec.model_dump()["number"] == 9101


def test_two_printers_that_bring_different_ports_of_one_name(tmp_path: Path) -> None:
    text = (
        "printers:\n"
        "  - {name: P, model: laser, address: 10.0.0.7, hosts: server}\n"
        "  - {name: Q, model: laser, address: 10.0.0.7, number: 9101, hosts: server}\n"
    )
    (told,) = problems(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    assert told == (
        "manifests/schools/alpha/more.yaml:3:5: the printer port `IP_10.0.0.7` that comes along here differs"
        " from the one that comes with manifests/schools/alpha/more.yaml:2:5"
        " (make both the same) [derived-twice]"
    )


def test_a_school_refines_the_connection_field_by_field(tmp_path: Path) -> None:
    connection = (
        "connection:\n"
        "  scheme: http\n"
        "  auth: kerberos\n"
        "  ca_file: ca.pem\n"
        "  credentials: {user: 'T\\a', password: 'env:A'}\n"
        "  plaintext: [{hosts: A-SRV, reason: Old machine until June}]\n"
    )
    school = FILES["schools/alpha/school.yaml"] + (
        "connection:\n"
        "  auth: ntlm\n"
        "  credentials: {user: 'T\\alpha', password: 'env:ALPHA'}\n"
        "  port: 5999\n"
        "  plaintext: [{hosts: 'A-LAB-[01-02]', reason: Waiting for certificates}]\n"
    )
    changes = {"district.yaml": FILES["district.yaml"] + connection, "schools/alpha/school.yaml": school}
    manifests = write_district(tmp_path, {**changes, "ca.pem": "certificates"})
    settings = connection_settings(load(manifests), "alpha")
    assert (settings.scheme, settings.auth, settings.port, settings.smb_port) == ("http", "ntlm", 5999, 445)
    assert settings.ca_file == manifests.resolve() / "ca.pem"
    assert settings.plaintext == {
        "A-SRV": "Old machine until June",
        "A-LAB-01": "Waiting for certificates",
        "A-LAB-02": "Waiting for certificates",
    }
    assert settings.address("A-SRV") == "A-SRV"


def test_the_default_connection_is_verified_tls(tmp_path: Path) -> None:
    settings = connection_settings(load(write_district(tmp_path)), "alpha")
    assert (settings.scheme, settings.port, settings.auth) == ("https", 5986, "negotiate")
    assert settings.credentials is None
    assert settings.plaintext == {}


@pytest.mark.parametrize("field", ["needs", "after"])
def test_a_nearer_layer_takes_back_what_a_farther_one_waits_for(tmp_path: Path, field: str) -> None:
    text = (
        "services:\n"
        f"  - {{name: W32Time, start: manual, hosts: all, {field}: service/Spooler}}\n"
        f"  - {{name: W32Time, hosts: A-SRV, {field}: ~}}\n"
        f"  - {{name: W32Time, hosts: A-LIB-1, {field}: service/Themes}}\n"
        "  - {name: Spooler, start: manual, hosts: all}\n"
        "  - {name: Themes, start: manual, hosts: all}\n"
    )
    school = intent(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    asked = {
        host: [address.name for address in getattr(resource(school, f"{host}/service/W32Time"), field)]
        for host in ("A-LIB-2", "A-SRV", "A-LIB-1")
    }
    assert asked == {"A-LIB-2": ["Spooler"], "A-SRV": [], "A-LIB-1": ["Spooler", "Themes"]}


@pytest.mark.parametrize(
    "text",
    [
        "services: [{name: W32Time, start: manual, hosts: ~}]\n",
        "profiles: [{use: marked, hosts: ~, with: {label: x}}]\n",
    ],
)
def test_hosts_that_say_nothing_are_a_mistake(tmp_path: Path, text: str) -> None:
    (told,) = problems(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    assert "`hosts` says nothing (name a group of hosts, a role, a host or `all`" in told
    assert told.endswith("[no-hosts]")
