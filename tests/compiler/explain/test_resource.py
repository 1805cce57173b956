"""Why a resource is as it is: layers, profiles, templates, and what it took the place of."""

from __future__ import annotations

from pathlib import Path

from engine.compiler.explain.resource import explain_resource
from engine.compiler.explain.workings import open_school
from engine.compiler.school import compile_school
from engine.model.explanation import Explanation, Field, Said
from tests.support.small_district import FILES, load, resource, write_district

SHARE = "shares:\n  - {{name: Staff, {fields}, hosts: {hosts}}}\n"


def explained(manifests: Path, address: str) -> Explanation:
    """The explanation of `host/kind/name` of the school alpha."""
    district = load(manifests)
    intent = compile_school(district, "alpha").intent
    assert intent is not None
    return explain_resource(open_school(district, "alpha"), intent, resource(intent, address))


def field(explanation: Explanation, name: str) -> Field:
    (found,) = (each for each in explanation.fields if each.name == name)
    return found


def short(said: Said) -> tuple[object, str, str]:
    return said.value, said.place.removeprefix("manifests/schools/alpha/"), said.layer


def test_each_layer_over_the_farther_ones(tmp_path: Path) -> None:
    manifests = write_district(
        tmp_path,
        {
            "schools/alpha/resources.yaml": SHARE.format(
                fields="path: 'D:\\S', description: Old", hosts="workstation"
            ),
            "schools/alpha/b.yaml": SHARE.format(fields="description: Lab", hosts="lab"),
            "schools/alpha/c.yaml": SHARE.format(fields="description: One", hosts="A-LAB-02"),
        },
    )
    found = field(explained(manifests, "A-LAB-02/share/Staff"), "description")
    assert (found.value, found.source) == ("One", "declared")
    assert found.said is not None
    assert short(found.said) == ("One", "c.yaml:2:32", "the host A-LAB-02")
    assert [short(said) for said in found.overrides] == [
        ("Lab", "b.yaml:2:32", "the group of hosts `lab`"),
        ("Old", "resources.yaml:2:46", "the school"),
    ]
    path = field(explained(manifests, "A-LAB-02/share/Staff"), "path")
    assert path.said is not None
    assert short(path.said) == (r"D:\S", "resources.yaml:2:25", "the school")
    assert path.overrides == ()


def test_the_items_of_a_united_list_keep_their_lines(tmp_path: Path) -> None:
    access = "access: {{full: ['{}']}}"
    manifests = write_district(
        tmp_path,
        {
            "schools/alpha/resources.yaml": SHARE.format(
                fields="path: 'D:\\S', access: {full: ['T\\A', 'T\\B']}", hosts="workstation"
            ),
            "schools/alpha/b.yaml": SHARE.format(fields=access.format(r"T\C"), hosts="lab"),
            "schools/alpha/c.yaml": SHARE.format(fields=access.format(r"t\a"), hosts="A-LAB-02"),
        },
    )
    full = field(explained(manifests, "A-LAB-02/share/Staff"), "access.full")
    assert full.value == (r"T\A", r"T\B", r"T\C")
    assert [short(item) for item in full.items] == [
        (r"T\A", "resources.yaml:2:49", "the school"),
        (r"T\B", "resources.yaml:2:56", "the school"),
        (r"T\C", "b.yaml:2:35", "the group of hosts `lab`"),
    ]
    assert field(explained(manifests, "A-LIB-1/share/Staff"), "access.full").items == ()


def test_a_field_set_to_nothing_says_who_took_it_back(tmp_path: Path) -> None:
    manifests = write_district(
        tmp_path,
        {
            "schools/alpha/resources.yaml": SHARE.format(
                fields="path: 'D:\\S', description: Old", hosts="workstation"
            ),
            "schools/alpha/b.yaml": SHARE.format(fields="description: ~", hosts="lab"),
        },
    )
    found = field(explained(manifests, "A-LAB-01/share/Staff"), "description")
    assert (found.value, found.source) == (None, "default")
    assert found.place == "manifests/schools/alpha/b.yaml:2:32"
    assert [short(said) for said in found.overrides] == [("Old", "resources.yaml:2:46", "the school")]


def test_through_nested_profiles_to_the_line_that_gave_the_value(tmp_path: Path) -> None:
    manifests = write_district(
        tmp_path,
        {
            "profiles/outer.yaml": (
                "profile: outer\n"
                "parameters: {room_label: {type: text}}\n"
                "profiles: [{use: marked, with: {label: 'In {{ parameters.room_label }}'}}]\n"
            ),
            "schools/alpha/more.yaml": (
                "profiles: [{use: outer, hosts: lab, with: {room_label: '{{ vars.sign }}'}}]\n"
            ),
            "schools/alpha/school.yaml": FILES["schools/alpha/school.yaml"].replace(
                "room: '08'", "room: '08', vars: {sign: Blue}"
            ),
        },
    )
    explanation = explained(manifests, r"A-LAB-01/registry_value/HKLM\SOFTWARE\Test\\Label")
    data = field(explanation, "data")
    assert data.value == "In Blue"
    assert data.said is not None
    assert data.said.profiles == ("outer", "marked")
    assert data.said.use == "manifests/schools/alpha/more.yaml:1:12"
    assert data.said.written == "{{ parameters.label }}"
    (label,) = data.said.inputs
    assert (label.name, label.value, label.place) == (
        "parameters.label",
        "In Blue",
        "manifests/profiles/outer.yaml:3:40",
    )
    (room_label,) = label.inputs
    assert (room_label.value, room_label.written) == ("Blue", "{{ vars.sign }}")
    (sign,) = room_label.inputs
    assert (sign.name, sign.value) == ("vars.sign", "Blue")
    assert sign.place.startswith("manifests/schools/alpha/school.yaml:6:")
    (reached,) = explanation.reached
    assert (reached.profiles, reached.scope) == (("outer", "marked"), "group")
    assert [(word.text, word.matches) for word in reached.selectors[0].words] == [("lab", True)]


def test_the_default_of_a_parameter_is_where_the_profile_says_it(tmp_path: Path) -> None:
    text = "profiles: [{use: marked, hosts: lab, with: {label: x}}]\n"
    manifests = write_district(tmp_path, {"schools/alpha/more.yaml": text})
    data = field(explained(manifests, r"A-LAB-01/registry_value/HKLM\SOFTWARE\Test\\Level"), "data")
    assert data.value == 3
    assert data.said is not None
    (level,) = data.said.inputs
    assert level.value == 3
    assert level.place.startswith("manifests/profiles/marked.yaml:4:")


def test_what_nobody_wrote_is_a_default(tmp_path: Path) -> None:
    limit = field(explained(write_district(tmp_path), "A-SRV/share/Staff"), "user_limit")
    assert (limit.value, limit.source, limit.place, limit.said) == (None, "default", "", None)


def test_the_catalog_s_lines(tmp_path: Path) -> None:
    explanation = explained(write_district(tmp_path), "A-LAB-01/software/tool")
    places = {
        each.name: each.place.removeprefix("manifests/catalog/software/tool.yaml:")
        for each in explanation.fields
        if each.source == "catalog"
    }
    # The newest of three versions is the second.
    assert places["title"] == "2:8"
    assert places["installer.version"] == "8:14"
    assert places["installer.sha256"].startswith("9:")
    assert places["detection.code"].startswith("10:")
    version = field(explanation, "version")
    assert (version.value, version.place) == (">=1.5", "manifests/schools/alpha/resources.yaml:4:27")


def test_what_comes_along_says_with_what(tmp_path: Path) -> None:
    printers = "printers:\n  - {name: P, model: laser, address: 10.1.2.3, snmp: true, hosts: server}\n"
    manifests = write_district(tmp_path, {"schools/alpha/printers.yaml": printers})
    port = explained(manifests, "A-SRV/printer_port/IP_10.1.2.3")
    (printer,) = port.brought_by
    assert (printer.kind, printer.name, printer.declared) == ("printer", "P", True)
    assert (field(port, "name").source, field(port, "address").source) == ("derived", "declared")
    assert field(port, "snmp").place == "manifests/schools/alpha/printers.yaml:2:54"
    driver = field(explained(manifests, "A-SRV/printer_driver/Generic Driver"), "name")
    assert (driver.source, driver.place) == ("catalog", "manifests/catalog/printers/laser.yaml:3:9")
    queue = explained(manifests, "A-SRV/printer/P")
    assert [(each.kind, each.declared) for each in queue.brings] == [
        ("printer_port", False),
        ("printer_driver", False),
    ]
    assert [each.name for each in queue.entry] == ["model", "address", "snmp"]


def test_the_folder_of_a_share_has_the_share_s_path(tmp_path: Path) -> None:
    folder = explained(write_district(tmp_path), r"A-SRV/directory/D:\Staff")
    assert [(each.kind, each.name) for each in folder.brought_by] == [("share", "Staff")]
    path = field(folder, "path")
    assert (path.source, path.place) == ("declared", "manifests/schools/alpha/resources.yaml:2:25")
    (asking,) = folder.needed_by
    assert (asking.kind, asking.name, asking.how) == ("share", "Staff", "implied")
    assert asking.place == "manifests/schools/alpha/resources.yaml:2:5"


def test_state_protection_and_final_have_their_lines(tmp_path: Path) -> None:
    manifests = write_district(
        tmp_path,
        {
            "schools/alpha/resources.yaml": SHARE.format(
                fields="path: 'D:\\S', protect: true, final: [path]", hosts="workstation"
            ),
            "schools/alpha/b.yaml": SHARE.format(fields="protect: false, state: absent", hosts="lab"),
        },
    )
    explanation = explained(manifests, "A-LAB-01/share/Staff")
    assert (explanation.state, explanation.protected) == ("absent", False)
    marks = {mark.name: mark for mark in explanation.marks}
    assert [short(said) for said in marks["protect"].overrides] == [
        (True, "resources.yaml:2:42", "the school")
    ]
    assert (marks["state"].value, marks["state"].place) == ("absent", "manifests/schools/alpha/b.yaml:2:42")
    assert marks["final"].value == ("path",)


def test_what_it_waits_for_and_what_waits_for_it(tmp_path: Path) -> None:
    text = (
        "services:\n"
        "  - {name: Spooler, state: running, hosts: server, needs: share/Staff}\n"
        "  - {name: W32Time, state: running, hosts: lab, after: server/service/Spooler}\n"
    )
    manifests = write_district(tmp_path, {"schools/alpha/more.yaml": text})
    spooler = explained(manifests, "A-SRV/service/Spooler")
    (needed,) = spooler.needs
    assert (needed.kind, needed.name, needed.how) == ("share", "Staff", "needs")
    assert needed.place == "manifests/schools/alpha/more.yaml:2:59"
    (waiting,) = spooler.needed_by
    assert (waiting.kind, waiting.how) == ("service", "after")
    assert waiting.hosts == ("A-LAB-01", "A-LAB-02", "A-LAB-03", "A-LAB-04")


def test_what_is_removed_waits_the_other_way_round(tmp_path: Path) -> None:
    text = (
        "shares:\n"
        "  - {name: One, path: 'D:\\1', hosts: server, state: absent}\n"
        "  - {name: Two, path: 'D:\\2', hosts: server, state: absent, needs: share/One}\n"
    )
    one = explained(write_district(tmp_path, {"schools/alpha/more.yaml": text}), "A-SRV/share/One")
    (later,) = (each for each in one.needs if each.kind == "share")
    assert (later.name, later.how) == ("Two", "after")
    assert later.place.startswith("manifests/schools/alpha/more.yaml:3:")


def test_hosts_with_other_lines_are_not_alike(tmp_path: Path) -> None:
    manifests = write_district(
        tmp_path,
        {
            "schools/alpha/resources.yaml": SHARE.format(fields="path: 'D:\\S'", hosts="workstation"),
            # The same value again: the compiled resource is the same, its explanation is not.
            "schools/alpha/b.yaml": SHARE.format(fields="path: 'D:\\S'", hosts="lab"),
        },
    )
    assert explained(manifests, "A-LAB-01/share/Staff").alike == ("A-LAB-02", "A-LAB-03", "A-LAB-04")
    assert explained(manifests, "A-LIB-1/share/Staff").alike == ("A-LIB-2",)


def test_a_delivered_file_leads_to_its_template(tmp_path: Path) -> None:
    text = "files:\n  - {path: 'C:\\t.txt', template: t.j2, hosts: lab}\n"
    manifests = write_district(tmp_path, {"schools/alpha/more.yaml": text})
    (tmp_path / "templates" / "t.j2").write_text("Call {{ vars.helpdesk }} from {{ host.room }}")
    content = field(explained(manifests, r"A-LAB-01/file/C:\t.txt"), "content.text")
    assert (content.value, content.source) == ("Call 100 from 08", "derived")
    assert content.said is not None
    (template,) = content.said.inputs
    assert template.place == "templates/t.j2:1:1"
    assert [(each.name, each.value) for each in template.inputs] == [
        ("host.room", "08"),
        ("vars.helpdesk", "100"),
    ]
