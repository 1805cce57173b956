"""Compiled once for each distinct input: hosts that are alike share their specs."""

from __future__ import annotations

from pathlib import Path

from engine.compiler.school import compile_school
from engine.model.resource import SchoolIntent
from tests.support.small_district import FILES, intent, load, resource, write_district


def specs(school: SchoolIntent, kind: str) -> set[int]:
    return {id(each.spec) for each in school.resources if each.address.kind == kind}


def value(data: str, hosts: str = "all") -> dict[str, str]:
    text = f"services:\n  - {{name: {data}, start: manual, hosts: {hosts}}}\n"
    return {"schools/alpha/more.yaml": text}


def test_hosts_that_are_alike_share_a_spec(tmp_path: Path) -> None:
    school = intent(write_district(tmp_path))
    software = [each for each in school.resources if each.address.kind == "software"]
    assert len(software) == 4
    assert len(specs(school, "software")) == 1


def test_a_template_over_the_school_is_shared_by_all(tmp_path: Path) -> None:
    school = intent(write_district(tmp_path, value("'S {{ school.name }} {{ vars.helpdesk }}'")))
    assert len(specs(school, "service")) == 1
    assert (
        resource(school, "A-SRV/service/S Alpha High 100").origin.file == "manifests/schools/alpha/more.yaml"
    )


def test_a_template_over_the_group_is_made_once_for_each_group(tmp_path: Path) -> None:
    school = intent(write_district(tmp_path, value("'{{ host.group }}'")))
    assert len(specs(school, "service")) == 3


def test_a_template_over_the_host_is_made_for_each_host(tmp_path: Path) -> None:
    school = intent(write_district(tmp_path, value("'{{ host.name }}'")))
    assert len(specs(school, "service")) == len(school.hosts) == 7
    assert resource(school, "A-LAB-03/service/A-LAB-03").spec.model_dump()["name"] == "A-LAB-03"


def test_a_delivered_template_counts_as_input(tmp_path: Path) -> None:
    text = "files:\n  - {path: 'C:\\room.txt', template: room.txt.j2, hosts: [lab, library]}\n"
    manifests = write_district(tmp_path, {"schools/alpha/more.yaml": text})
    (tmp_path / "templates/room.txt.j2").write_text("{{ host.room | default('no room') }}\n")
    school = intent(manifests)
    assert len(specs(school, "file")) == 2
    lab = resource(school, r"A-LAB-01/file/C:\room.txt").spec.model_dump()["content"]
    library = resource(school, r"A-LIB-1/file/C:\room.txt").spec.model_dump()["content"]
    assert (lab["text"], library["text"]) == ("08\n", "no room\n")


def test_a_mistake_in_a_delivered_template_is_told_in_that_file(tmp_path: Path) -> None:
    text = "files:\n  - {path: 'C:\\room.txt', template: room.txt.j2, hosts: lab}\n"
    manifests = write_district(tmp_path, {"schools/alpha/more.yaml": text})
    (tmp_path / "templates/room.txt.j2").write_text("one\n{% include 'x' %}\n")
    (finding,) = compile_school(load(manifests), "alpha").findings
    assert str(finding).startswith("templates/room.txt.j2:2:1: `include` is not allowed in a template")


def test_values_that_python_takes_for_equal_are_not_shared(tmp_path: Path) -> None:
    school = FILES["schools/alpha/school.yaml"]
    school = school.replace("room: '08'", "vars: {x: 1, y: [1]}").replace(
        "A-LIB-2], roles: [workstation]", "A-LIB-2], roles: [workstation], vars: {x: true, y: [true]}"
    )
    text = value("'{{ vars.x | string }} {{ vars.y | join }}'", "[lab, library]")
    compiled = intent(write_district(tmp_path, {"schools/alpha/school.yaml": school, **text}))
    assert resource(compiled, "A-LAB-01/service/1 1").spec.model_dump()["name"] == "1 1"
    assert resource(compiled, "A-LIB-1/service/True True").spec.model_dump()["name"] == "True True"


def test_a_delivered_template_that_a_template_names_counts_as_input(tmp_path: Path) -> None:
    text = "files:\n  - {path: 'C:\\name.txt', template: '{{ school.id }}.j2', hosts: lab}\n"
    manifests = write_district(tmp_path, {"schools/alpha/more.yaml": text})
    (tmp_path / "templates/alpha.j2").write_text("{{ host.name }}")
    school = intent(manifests)
    content = resource(school, r"A-LAB-03/file/C:\name.txt").spec.model_dump()["content"]
    assert content["text"] == "A-LAB-03"


def test_a_delivered_template_sees_the_parameters_of_the_profile_that_names_it(tmp_path: Path) -> None:
    changes = {
        "profiles/greeting.yaml": "profile: greeting\nparameters: {to: {}}\nfiles:\n"
        "  - {path: 'C:\\hello.txt', template: hello.j2}\n",
        "schools/alpha/more.yaml": "profiles: [{use: greeting, with: {to: '{{ host.name }}'}, hosts: lab}]\n"
        "files: [{path: 'C:\\hello.txt', encoding: utf-16, hosts: lab}]\n",
    }
    manifests = write_district(tmp_path, changes)
    (tmp_path / "templates/hello.j2").write_text("Hello {{ parameters.to }}")
    content = resource(intent(manifests), r"A-LAB-02/file/C:\hello.txt").spec.model_dump()["content"]
    assert content["text"] == "Hello A-LAB-02"


def test_compiling_twice_gives_the_same(tmp_path: Path) -> None:
    manifests = write_district(tmp_path)
    assert intent(manifests) == intent(manifests)
    district = load(manifests)
    assert compile_school(district, "alpha") == compile_school(district, "alpha")
