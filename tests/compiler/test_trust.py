"""Nobody but the district decides where its password goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.compiler.connection import connection_settings
from engine.compiler.district import load_district
from tests.support.small_district import FILES, load, problems, write_district

DISTRICT = (
    "connection:\n"
    "  ca_file: ca.pem\n"
    "  dns_suffix: bcps.example\n"
    "  school_suffixes: [kids.example]\n"
    "  credentials: {user: 'T\\svc', password: 'env:DISTRICT'}\n"
)
OWN = "  credentials: {user: 'T\\alpha', password: 'env:ALPHA'}\n"


def written(folder: Path, school: str, district: str = DISTRICT) -> Path:
    changes = {
        "district.yaml": FILES["district.yaml"] + district,
        "schools/alpha/school.yaml": FILES["schools/alpha/school.yaml"] + f"connection:\n{school}",
        "ca.pem": "certificates\n",
    }
    return write_district(folder, changes)


def fields(told: list[str]) -> list[str]:
    """The fields that findings are about, which must all be of the one rule."""
    assert all(line.endswith("[connection-not-allowed]") for line in told)
    return [line.split("`")[1] for line in told]


@pytest.mark.parametrize(
    ("school", "refused"),
    [
        ("  dns_suffix: evil.example\n", ["dns_suffix"]),
        ("  dns_suffix: evilbcps.example\n", ["dns_suffix"]),
        ("  dns_suffix: bcps.example.evil.example\n", ["dns_suffix"]),
        ("  dns_suffix: example\n", ["dns_suffix"]),
        ("  dns_suffix: ~\n", ["dns_suffix"]),
        ("  dns_suffix: evil.example\n" + OWN, ["dns_suffix"]),
        ("  ca_file: ca.pem\n", ["ca_file"]),
        ("  ca_file: ~\n", ["ca_file"]),
        ("  ca_file: ca.pem\n" + OWN, ["ca_file"]),
        (
            "  school_suffixes: [evil.example]\n  dns_suffix: evil.example\n",
            ["school_suffixes", "dns_suffix"],
        ),
        ("  auth: basic\n", ["auth"]),
        ("  auth: ntlm\n", ["auth"]),
        ("  scheme: http\n", ["scheme"]),
        ("  auth: basic\n  credentials: {user: x, password: 'env:DISTRICT'}\n", ["auth"]),
        ("  auth: basic\n  credentials: {user: x, password: 'env:district'}\n", ["auth"]),
        ("  auth: ~\n", []),
        ("  auth: kerberos\n  port: 15986\n  smb_port: 10445\n", []),
        ("  dns_suffix: alpha.BCPS.example\n", []),
        ("  dns_suffix: kids.example\n", []),
        ("  dns_suffix: a.kids.example\n" + OWN, []),
        ("  scheme: http\n  auth: basic\n" + OWN, []),
        ("  plaintext: [{hosts: A-SRV, reason: Waiting for its certificate}]\n", []),
    ],
)
def test_what_a_school_may_say(tmp_path: Path, school: str, refused: list[str]) -> None:
    assert fields(problems(written(tmp_path, school))) == refused


def test_what_is_refused_counts_for_nothing(tmp_path: Path) -> None:
    school = "  dns_suffix: evil.example\n  auth: basic\n  scheme: http\n  ca_file: evil.pem\n  port: 5999\n"
    manifests = written(tmp_path, school)
    district = load_district(manifests).district
    assert district is not None
    settings = connection_settings(district, "alpha")
    assert settings.address("A-SRV") == "A-SRV.bcps.example"
    assert (settings.scheme, settings.auth, settings.port) == ("https", "negotiate", 5999)
    assert settings.ca_file == manifests.resolve() / "ca.pem"


def test_a_school_s_own_password_goes_its_own_way(tmp_path: Path) -> None:
    school = "  dns_suffix: alpha.kids.example\n  auth: basic\n" + OWN
    settings = connection_settings(load(written(tmp_path, school)), "alpha")
    assert settings.credentials is not None
    assert (settings.credentials.password, settings.auth) == ("env:ALPHA", "basic")
    assert settings.address("A-SRV") == "A-SRV.alpha.kids.example"


def test_a_password_in_the_clear_is_no_school_s_decision(tmp_path: Path) -> None:
    district = DISTRICT + "  scheme: http\n  auth: basic\n"
    school = "  plaintext: [{hosts: all, reason: Nobody has looked at this}]\n"
    (told,) = problems(written(tmp_path, school, district))
    assert "the district's password would be sent for everybody to read" in told


def test_where_the_district_has_no_suffix_schools_have_none(tmp_path: Path) -> None:
    district = "connection: {credentials: {user: 'T\\svc', password: 'env:DISTRICT'}}\n"
    assert fields(problems(written(tmp_path, "  dns_suffix: bcps.example\n", district))) == ["dns_suffix"]


@pytest.mark.parametrize(
    "path", ["../outside.pem", "../../../../etc/ssl/evil.pem", "/etc/hosts", "C:\\x.pem"]
)
def test_authorities_are_named_below_the_manifests(tmp_path: Path, path: str) -> None:
    (told,) = problems(written(tmp_path, "  port: 5999\n", f"connection: {{ca_file: '{path}'}}\n"))
    assert told.endswith("[invalid-value]")


def test_authorities_are_not_read_through_a_link_out(tmp_path: Path) -> None:
    (tmp_path / "outside.pem").write_text("x")
    manifests = written(tmp_path, "  port: 5999\n", "connection: {ca_file: link.pem}\n")
    (manifests / "link.pem").symlink_to(tmp_path / "outside.pem")
    assert problems(manifests) == [
        "manifests/district.yaml:9:14: link.pem leads out of the folder manifests by a link [missing-file]"
    ]


@pytest.mark.parametrize(
    "suffix", ["evil.example/x.bcps.example", "evil#.bcps.example", "e@x.bcps.example", "."]
)
def test_a_suffix_is_a_dns_name(tmp_path: Path, suffix: str) -> None:
    (told,) = problems(written(tmp_path, f"  dns_suffix: '{suffix}'\n"))
    assert "a DNS suffix has letters" in told or "may be a secret" in told
