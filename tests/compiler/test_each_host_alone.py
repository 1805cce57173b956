"""Hosts that share what they look at get what each of them would get if it were compiled alone."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compiler.bindings import NAMES, Rendering
from engine.compiler.classes import host_classes
from engine.compiler.district import District, load_district
from engine.compiler.edges import HostClass, host_class
from engine.compiler.reaching import reaching
from engine.compiler.resources import Maker, Making
from engine.manifest import templates
from engine.model.origin import Finding
from tests.support.small_district import write_district

# What two groups of hosts have for the same variable: mostly what is easily taken for the same.
PAIRS = [("1", "true"), ("false", "0"), ("[1, a]", "[true, a]"), ("'1'", "1"), ("[]", "''"), ("a", "a")]
TERMS = [
    "host.name", "host['group']", "host.roles", "host.roles[0]", "host.room", "host", "vars", "vars.x",
    "vars['y']", "vars[host.group]", "school.id", "district.name", "'t'", "1", "each", "loop", "host[vars.x]",
    *["vars.x", "vars['y']"] * 6,
]  # fmt: skip
FILTERS = ["", " | default('d')", " | string", " | tojson", " | list", " | first", " | int", " | join('-')"]
TESTS = ["is defined", "is string", "is number", "is true", "== 1", "== '1'", "in ['1', 'a']"]
LOOP_NAMES = ["each", "host", "vars", "parameters", "school"]


@st.composite
def texts(draw: st.DrawFn, terms: list[str]) -> str:
    def one() -> str:
        return draw(st.sampled_from(terms)) + draw(st.sampled_from(FILTERS))

    match draw(st.integers(0, 4)):
        case 0:
            return f"{{{{ {one()} }}}}"
        case 1:
            return f"a {{{{ {one()} }}}} b"
        case 2:
            condition = f"{one()} {draw(st.sampled_from(TESTS))}"
            return f"{{% if {condition} %}}{{{{ {one()} }}}}{{% else %}}n{{% endif %}}"
        case 3:
            name = draw(st.sampled_from(LOOP_NAMES))
            return f"{{{{ {one()} }}}}{{% for {name} in [{one()}, 2] %}}{{{{ {one()} }}}}{{% endfor %}}"
        case _:
            return f"{{{{ {one()} ~ {one()} }}}}"


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@st.composite
def districts(draw: st.DrawFn) -> tuple[dict[str, str], str]:
    """The files of a small district with random templates, and the text of a delivered one."""
    own, parameters = texts(TERMS), texts([*TERMS, "parameters.p", "parameters.q", "parameters"])

    x, y = draw(st.sampled_from(PAIRS)), draw(st.sampled_from(PAIRS))

    def group(name: str, rest: str, side: int) -> str:
        return f"  {name}: {{{rest}, vars: {{x: {x[side]}, y: {y[side]}, lab: 1, other: true}}}}\n"

    school = "school: alpha\nname: Alpha High\ngroups: [high]\nhosts:\n"
    school += group("lab", "range: 'A-LAB-[01-02]', roles: [workstation], room: '08'", 0)
    school += group("other", "names: [A-O-1, A-O-2], roles: [workstation]", 1)
    resources = (
        f"services:\n  - {{name: {quoted('S ' + draw(own))}, start: manual, hosts: all}}\n"
        f"registry_values:\n  - {{key: 'HKLM\\SOFTWARE\\T', name: V, type: multi_string,"
        f" data: ['x', {quoted(draw(own))}], hosts: all}}\n"
        f"profiles:\n  - {{use: outer, with: {{p: {quoted(draw(own))}}}, hosts: all}}\n"
    )
    if draw(st.booleans()):  # a nearer word on what the profile delivers
        resources += "files: [{path: 'C:\\f.txt', encoding: utf-16, hosts: lab}]\n"
    named = draw(st.sampled_from(["f.j2", "{{ 'f' }}.j2"]))
    kind = draw(st.sampled_from(["text", "number", "switch", "list"]))
    files = {
        "district.yaml": "district: test\nname: Test\ndomain: TEST\ngroups: {high: {name: High}}\n",
        "schools/alpha/school.yaml": school,
        "schools/alpha/resources.yaml": resources,
        "profiles/outer.yaml": "profile: outer\nparameters: {p: {}, q: {default: d}}\n"
        f"profiles: [{{use: inner, with: {{p: {quoted(draw(parameters))}}}}}]\n"
        f"services: [{{name: {quoted('O ' + draw(parameters))}, start: manual}}]\n"
        f"files: [{{path: 'C:\\f.txt', template: {quoted(named)}}}]\n",
        "profiles/inner.yaml": f"profile: inner\nparameters: {{p: {{type: {kind}}}, q: {{default: d}}}}\n"
        f"services: [{{name: {quoted('I ' + draw(parameters))}, start: manual}}]\n",
    }
    return files, draw(parameters)


def told(each: HostClass) -> object:
    return [
        (made.kind, made.name, made.state, made.origin, made.spec.model_dump_json()) for made in each.made
    ], each.faulty


def alone(district: District, findings: set[Finding]) -> list[HostClass]:
    """Each host compiled by a maker of its own, which remembers nothing of another host."""
    inventory = district.inventories["alpha"]
    applied = [each for _, each in reaching(district, "alpha", inventory)]
    documents = district.documents
    rendering = Rendering(
        templates.Templates(), documents.district.document, documents.schools["alpha"].main.document
    )
    made = []
    for position, facts in enumerate(inventory.hosts):
        maker = Maker(applied, rendering, district.sources)
        reached = [(at, each.layers[position]) for at, each in enumerate(applied) if position in each.layers]
        making = maker.make(reached, facts)
        made.append(host_class(Making(making.made, making.faulty | district.lost("alpha"))))
        findings |= maker.findings
    return made


@settings(max_examples=100)
@given(districts())
def test_a_host_gets_what_it_would_get_alone(given_files: tuple[dict[str, str], str]) -> None:
    files, delivered = given_files
    with TemporaryDirectory() as folder:
        manifests = write_district(Path(folder), files)
        (Path(folder) / "templates" / "f.j2").write_text(delivered)
        district = load_district(manifests).district  # what is wrong with profiles does not matter here
        assert district is not None
        shared_findings: set[Finding] = set()
        own_findings: set[Finding] = set()
        shared = host_classes(district, "alpha", shared_findings)
        own = alone(district, own_findings)
    assert [told(each) for each in shared] == [told(each) for each in own]
    # A near miss is taken from the facts of the first host that has the mistake.
    places = [
        {(each.origin, each.rule, each.message) for each in found}
        for found in (shared_findings, own_findings)
    ]
    assert places[0] == places[1]


def test_loops_refuse_just_the_names_that_templates_know() -> None:
    assert {*NAMES, "parameters"} == templates.NAMES
