"""Profiles that nobody uses are checked as far as that is possible without hosts and values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.compiler.bindings import NAMES, Rendering
from engine.manifest.templates import Templates
from tests.support.small_district import FILES, intent, load, problems, resource, write_district


def test_what_only_other_layers_could_say_is_not_missed(tmp_path: Path) -> None:
    idle = (
        "profile: idle\n"
        "parameters: {full: {type: list}, at: {}, much: {type: number, default: 3}}\n"
        "shares:\n"
        "  - {name: S, access: {read: ['T\\R']}}\n"
        "  - {name: '{{ parameters.at }}', path: '{{ parameters.at }}',"
        " access: {full: '{{ parameters.full }}'}}\n"
        "  - {name: T, user_limit: '{{ parameters.much }}', caching: '{{ vars.caching }}'}\n"
        "registry_values:\n"
        "  - {key: 'HKLM\\SOFTWARE\\{{ school.id }}', name: N, data: 08}\n"
        "files:\n"
        "  - {path: 'C:\\x.txt', text: '{% for group in school.groups %}{{ group }}{% endfor %}'}\n"
    )
    assert problems(write_district(tmp_path, {"profiles/idle.yaml": idle})) == []


def test_a_delivered_template_is_a_use_of_a_parameter(tmp_path: Path) -> None:
    text = "profile: idle\nparameters: {a: {}, b: {}}\nfiles: [{path: 'C:\\x', template: x.j2}]\n"
    manifests = write_district(tmp_path, {"profiles/idle.yaml": text})
    (tmp_path / "templates" / "x.j2").write_text("{{ parameters.a }}\n{{ parameters.c }}\n")
    assert problems(manifests) == [
        "manifests/profiles/idle.yaml:2:21: nothing in the profile uses its parameter `b`"
        " (remove it, or write `{{ parameters.b }}` where it belongs) [unused-parameter]",
        "templates/x.j2:1:1: `parameters` has no `c` [template]",
    ]


def test_the_names_that_are_known_are_those_that_hosts_have(tmp_path: Path) -> None:
    school = FILES["schools/alpha/school.yaml"].replace("room: '08'", "room: '08', model: M")
    district = load(write_district(tmp_path, {"schools/alpha/school.yaml": school}))
    rendering = Rendering(
        Templates(), district.documents.district.document, district.documents.schools["alpha"].main.document
    )
    host = next(host for host in district.inventories["alpha"].hosts if host.group == "lab")
    context = rendering.context(host, None)
    assert set(context) == set(NAMES)
    named = {name: parts for name, parts in NAMES.items() if parts is not None}
    assert {name: frozenset(each) for name in named if isinstance(each := context[name], Mapping)} == named


def test_values_of_parameters_keep_their_written_form(tmp_path: Path) -> None:
    changes = {
        "profiles/wing.yaml": (
            "profile: wing\n"
            "parameters:\n"
            "  wing: {default: 08}\n"
            "  floor: {type: choice, choices: ['01', '02'], default: 01}\n"
            "  rooms: {type: list, default: [010, 6.10]}\n"
            "  level: {type: number, default: 7}\n"
            "registry_values:\n"
            "  - {key: 'HKLM\\SOFTWARE\\T', name: Where, type: multi_string,"
            " data: ['{{ parameters.wing }}', '{{ parameters.floor }}', '{{ parameters.rooms | join }}']}\n"
            "  - {key: 'HKLM\\SOFTWARE\\T', name: Level, type: dword, data: '{{ parameters.level }}'}\n"
        ),
        "schools/alpha/more.yaml": "profiles: [{use: wing, hosts: server}]\n",
    }
    school = intent(write_district(tmp_path, changes))
    where = resource(school, r"A-SRV/registry_value/HKLM\SOFTWARE\T\\Where")
    assert where.spec.model_dump()["data"] == ("08", "01", "0106.10")
    level = resource(school, r"A-SRV/registry_value/HKLM\SOFTWARE\T\\Level")
    assert level.spec.model_dump()["data"] == 7


@pytest.mark.parametrize(
    ("declared", "given", "told"),
    [
        ("type: number", "{{ vars.helpdesk ~ 'x' }}", "a whole number, not `100x` [wrong-type]"),
        ("type: switch", "{{ vars.helpdesk }}", "`true` or `false`, not `100` [wrong-type]"),
        ("type: list", "{{ vars.helpdesk }}", "a list of texts, not `100` [wrong-type]"),
        ("", "{{ host.roles }}", "a text, not a list [wrong-type]"),
        (
            "type: choice, choices: ['1000', '200']",
            "{{ vars.helpdesk }}",
            "`1000` or `200`, not `100` (did you mean `1000`?) [unknown-choice]",
        ),
    ],
)
def test_what_a_template_gives_must_fit_the_parameter(
    tmp_path: Path, declared: str, given: str, told: str
) -> None:
    changes = {
        "profiles/wing.yaml": f"profile: wing\nparameters: {{p: {{{declared}}}}}\n"
        "services: [{name: 'S{{ parameters.p | string }}', start: manual}]\n",
        "schools/alpha/more.yaml": f'profiles: [{{use: wing, with: {{p: "{given}"}}, hosts: lab}}]\n',
    }
    assert problems(write_district(tmp_path, changes)) == [
        f"manifests/schools/alpha/more.yaml:1:34: `p` of the profile `wing` must be {told}"
    ]


def test_a_template_of_a_list_in_a_list_adds_its_items(tmp_path: Path) -> None:
    changes = {
        "profiles/wing.yaml": "profile: wing\nparameters: {p: {type: list}}\n"
        "services: [{name: \"{{ parameters.p | join('+') }}\", start: manual}]\n",
        "schools/alpha/more.yaml": "profiles: [{use: wing, hosts: lab, with: {p: [a,'{{ host.roles }}',b]}}]",
    }
    made = resource(intent(write_district(tmp_path, changes)), "A-LAB-01/service/a+workstation+quiet+b")
    assert made.spec.model_dump()["start"] == "manual"
