"""The sample district: it is right, uses everything, and is as big as stated here."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from engine.compiler.connection import connection_settings
from engine.compiler.district import District
from engine.compiler.school import compile_school
from engine.compiler.verify import installable_remotes, verify_media
from engine.kinds.table import KINDS
from engine.manifest.packages.msi import read_msi
from engine.manifest.rehearsal import load_rehearsal
from engine.model.address import Address
from engine.model.resource import SchoolIntent
from engine.model.source import ProjectFile, parse_source
from engine.rehearsal.windows.image import HostImage
from tests.support.small_district import load, resource

MANIFESTS = Path(__file__).resolve().parents[2] / "manifests"


@pytest.fixture(scope="module")
def district() -> District:
    return load(MANIFESTS)


def compiled(district: District, school: str) -> SchoolIntent:
    result = compile_school(district, school)
    assert result.findings == ()
    assert result.intent is not None
    return result.intent


def test_counts(district: District) -> None:
    counts = {
        school: (len(intent.hosts), len(intent.resources), len({id(r.spec) for r in intent.resources}))
        for school in district.schools
        for intent in (compiled(district, school),)
    }
    # hosts, resources, distinct specs
    assert counts == {
        "dundalk-hs": (31, 833, 87),
        "holabird-ms": (17, 378, 54),
        "logan-es": (8, 136, 36),
    }


def test_every_kind_is_used(district: District) -> None:
    used = Counter(
        resource.address.kind
        for school in district.schools
        for resource in compiled(district, school).resources
    )
    assert set(used) == set(KINDS)


def test_every_product_of_the_catalog_that_hosts_may_have_is_used(district: District) -> None:
    used = {
        resource.address.name
        for school in district.schools
        for resource in compiled(district, school).resources
        if resource.address.kind == "software" and not resource.absent
    }
    assert set(district.documents.software) - used == {"geogebra-5", "inkscape"}  # withdrawn, and requested
    assert len(used) == 15


def test_the_catalog_holds_the_files_that_it_names(district: District) -> None:
    media = district.sources.media
    installers = [
        version.installer
        for product in district.documents.software.values()
        for version in product.document.versions
    ]
    here = [each for each in installers if isinstance(parse_source(each.source), ProjectFile)]
    assert len(installers) - len(here) == 2  # one on a share, one on the web
    for installer in here:
        media.verify(media.find(installer.source), installer.sha256)
    assert verify_media(district) == ()
    assert installable_remotes(district) == ()  # so that it can be tried out without a network


def test_the_catalog_says_of_packages_what_they_say_themselves(district: District) -> None:
    installers = [
        version.installer
        for product in district.documents.software.values()
        for version in product.document.versions
        if version.installer.type == "msi" and isinstance(parse_source(version.installer.source), ProjectFile)
    ]
    packages = [read_msi(MANIFESTS / each.source) for each in installers]
    assert [each.scope for each in installers] == [package.scope for package in packages]
    assert "user" in {each.scope for each in installers}
    assert {each.signer for each in installers} == {None, "International GeoGebra Institute"}
    for installer, package in zip(installers, packages, strict=True):
        assert installer.signer in (None, package.signer)


def test_a_nearer_layer_refines_the_shared_folder(district: District) -> None:
    staff = resource(compiled(district, "dundalk-hs"), "DHS-SRV01/share/Staff")
    spec = staff.spec.model_dump()
    assert spec["access"]["change"] == (r"BCPS\DHS-Staff",)  # the profile's
    assert spec["access"]["read"] == (r"BCPS\DHS-FrontOffice",)  # the school's
    assert spec["user_limit"] == 120
    assert staff.protected
    assert str(staff.origin) == "manifests/schools/dundalk-hs/resources.yaml:5:5"


def test_a_lab_waits_for_its_printer_on_the_server(district: District) -> None:
    school = compiled(district, "dundalk-hs")
    value = resource(school, r"DHS-L114-07/registry_value/HKLM\SOFTWARE\BCPS\Lab\\DefaultPrinter")
    assert value.needs == (Address("dundalk-hs/DHS-SRV01/printer/L114-Laser"),)
    order = [each.address for each in school.resources]
    assert order.index(value.needs[0]) < order.index(value.address)


def test_an_older_version_for_one_computer(district: District) -> None:
    school = compiled(district, "dundalk-hs")
    one = resource(school, "DHS-L210-08/software/geogebra").spec.model_dump()
    other = resource(school, "DHS-L210-07/software/geogebra").spec.model_dump()
    assert (one["version"], one["installer"]["version"]) == ("6.0.794", "6.0.794")
    assert (other["version"], other["installer"]["version"]) == (">=6.0.8", "6.0.848")


def test_a_room_called_08_stays_08(district: District) -> None:
    value = resource(
        compiled(district, "logan-es"), r"LES-LAB-01/registry_value/HKLM\SOFTWARE\BCPS\Lab\\Room"
    )
    assert value.spec.model_dump()["data"] == "08"


def test_the_broken_computer_is_left_out(district: District) -> None:
    names = {host.name for host in district.hosts()}
    assert "DHS-L114-12" in names
    assert "DHS-L114-13" not in names
    assert len(names) == 56


def test_the_rehearsal_has_an_image_for_every_host(district: District) -> None:
    rehearsal, findings = load_rehearsal(MANIFESTS)
    assert findings == ()
    assert rehearsal is not None
    for image in rehearsal.images.values():
        HostImage.model_validate(image)
    assert {rehearsal.image_of(host.roles) for host in district.hosts()} == {"server", "workstation"}


def test_every_account_of_the_manifests_exists_in_the_rehearsal(district: District) -> None:
    rehearsal, _ = load_rehearsal(MANIFESTS)
    assert rehearsal is not None
    known = {f"BCPS\\{group.name}" for group in rehearsal.domain.groups}
    used = {
        account
        for school in district.schools
        for resource in compiled(district, school).resources
        if resource.address.kind == "share" and not resource.absent
        for accounts in (resource.spec.model_dump()["access"] or {}).values()
        for account in accounts
    }
    assert used
    assert used <= known


def test_passwords_of_the_rehearsal_are_not_shown() -> None:
    rehearsal, _ = load_rehearsal(MANIFESTS)
    assert rehearsal is not None
    assert not any(user.password in repr(rehearsal) for user in rehearsal.domain.users)


def test_the_connections_name_the_passwords_and_do_not_know_them(district: District) -> None:
    settings = {school: connection_settings(district, school) for school in district.schools}
    assert {school: each.credentials and each.credentials.password for school, each in settings.items()} == {
        "dundalk-hs": "env:ROLLCALL_PASSWORD",
        "holabird-ms": "file:/run/secrets/holabird-password",
        "logan-es": "keyring:rollcall/svc-rollcall",
    }
    dundalk, logan = settings["dundalk-hs"], settings["logan-es"]
    assert dundalk.address("DHS-SRV01") == "DHS-SRV01.bcps.example"
    assert (dundalk.scheme, dundalk.port, dundalk.smb_port) == ("https", 5986, 445)
    assert list(dundalk.plaintext) == ["DHS-LIB-CIRC"]
    assert (logan.auth, logan.port, logan.smb_port) == ("ntlm", 15986, 10445)
    assert logan.ca_file is not None
    assert b"BEGIN CERTIFICATE" in logan.ca_file.read_bytes()
