"""No editor may mark what Rollcall accepts: good documents are changed at random, and both are asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue, TypeAdapter

from tests.support.editor import is_refused
from tests.support.editor_yaml import read_document
from tests.support.small_district import DIGEST, FILES, problems, write_district

MORE = {
    "schools/alpha/resources.yaml": """\
profiles:
  - {use: marked, hosts: lab, with: {label: 'Room {{ host.room }}', level: 4}}
shares:
  - name: Staff
    path: 'D:\\Staff'
    hosts: server
    access: {full: [Everyone], change: []}
    caching: none
    user_limit: 20
    encrypt: true
    final: [path]
  - {name: Staff, hosts: A-SRV, description: ~}
directories:
  - path: 'D:\\Data'
    hosts: [server]
    permissions: {inherit: true, entries: [{account: Everyone, rights: read, type: allow}]}
files:
  - {path: 'C:\\x.txt', text: hello, hosts: all, encoding: utf-8, protect: true}
printers:
  - {name: P, model: laser, address: 10.1.2.3, hosts: server, number: 9100, shared: true, share_name: P}
services:
  - {name: Spooler, start: manual, state: stopped, hosts: lab, after: 'server/directory/D:\\Data'}
  - {name: Fax, state: absent, start: manual, hosts: server}
software:
  - {name: tool, version: '>=1.5', hosts: lab}
printer_ports:
  - {name: IP_X, address: printer.test.example, hosts: server, number: 9101, snmp: false}
printer_drivers:
  - {name: Generic Driver, hosts: server}
registry_values:
  - {key: 'HKLM\\SOFTWARE\\Test', name: Other, type: multi_string, data: [a, '{{ host.name }}'], hosts: lab}
""",
    "schools/alpha/school.yaml": """\
school: alpha
name: Alpha High
groups: [high]
grades: [9, 10, K]
connection: {port: 5986, plaintext: [{hosts: A-SRV, reason: its firmware is too old}]}
vars: {helpdesk: 5, floors: [1, 2], open: true}
hosts:
  server: {name: A-SRV, roles: [server]}
  lab: {range: 'A-LAB-[01-04]', except: A-LAB-03, roles: [workstation, quiet], room: '08', model: X}
  library: {names: [A-LIB-1, A-LIB-2], roles: [workstation], vars: {quiet: true}}
""",
    "catalog/software/tool.yaml": f"""\
software: tool
title: The Tool
publisher: Test
homepage: https://tool.example
requires: [runtime]
blocking_applications: [Tool]
comparison: numbers
compared_parts: 2
restart: ignore
evaluation:
  status: approved
  ticket: 1042
  schools: [alpha]
  groups: [high]
  grades: [9, PK]
  from: 2026-09-01
  until: '2027-06-30'
  seats: 120
versions:
  - version: 1.0
    installer:
      {{type: exe, source: media/tool.exe, sha256: {DIGEST}, arguments: [/S], timeout_minutes: 5}}
    detection: {{uninstall_entry: {{key: Tool, view: 64}}}}
    exit_codes: {{success: [0], reboot: [3010], retry: []}}
    uninstall: {{executable: 'C:\\Tool\\u.exe', arguments: [/S]}}
  - version: 2.10
    installer: {{type: msi, source: media/tool-2.msi, sha256: {DIGEST}}}
    detection: {{upgrade_code: '{{12345678-1234-1234-1234-1234567890AB}}'}}
""",
    "catalog/software/runtime.yaml": f"""\
software: runtime
title: Runtime
publisher: Test
versions:
  - version: 3
    installer: {{type: msi, source: media/tool-1.msi, sha256: {DIGEST}, scope: user, arguments: [ALLUSERS=1]}}
    detection: {{registry_value: {{key: 'HKLM\\SOFTWARE\\R', name: V, view: 32, data: 3}}}}
""",
    "catalog/printers/laser.yaml": """\
printer: laser
title: Laser
driver: Generic Driver
options: {duplex: long_edge, colour: false, paper: A4}
""",
    "profiles/marked.yaml": """\
profile: marked
description: Marks hosts
parameters:
  label: {type: text, description: What it says}
  level: {type: number, default: 3}
  mood: {type: choice, choices: [quiet, loud], default: quiet}
profiles:
  - {use: inner, with: {loud: true}}
registry_values:
  - {key: 'HKLM\\SOFTWARE\\Test', name: Label, type: string, data: '{{ parameters.label }}'}
  - {key: 'HKLM\\SOFTWARE\\Test', name: Level, type: dword, data: '{{ parameters.level }}', hosts: lab}
  - {key: 'HKLM\\SOFTWARE\\Test', name: Mood, type: string, data: '{{ parameters.mood }}'}
""",
    "profiles/inner.yaml": """\
profile: inner
parameters: {loud: {type: switch, default: false}}
services:
  - {name: 'Audio{% if parameters.loud %}Loud{% endif %}', start: automatic}
""",
    "district.yaml": """\
district: test
name: Test District
domain: TEST
connection:
  scheme: https
  port: 5986
  auth: kerberos
  dns_suffix: test.example
  credentials: {user: 'TEST\\svc', password: 'env:PASSWORD'}
vars: {helpdesk: '100'}
groups:
  high:
    name: High schools
    vars: {level: 2}
    profiles: [{use: inner, hosts: library}]
    registry_values:
      - {key: 'HKLM\\SOFTWARE\\Test', name: High, type: qword, data: '{{ vars.level }}', hosts: lab}
registry_values:
  - {key: 'HKLM\\SOFTWARE\\Test', name: Everywhere, type: dword, data: 1, hosts: all, final: [data]}
""",
}
GOOD = {**FILES, **MORE}

Step = str | int
VALUES = TypeAdapter(list[JsonValue]).validate_json(
    r"""[
    null, true, false, 0, 1, -1, 3.5, 64, 70000, "", "x", "yes", "64", "07", "all", "absent", "read",
    "{{ host.name }}", "{{ vars.helpdesk }}", "{% if true %}1{% endif %}", "D:\\X", "HKLM\\SOFTWARE\\X",
    "a text of more than fifteen characters", [], {}, ["x"], [1], ["{{ host.name }}"], {"x": 1}, [{}],
    ["lab", "server"], ["read", "write"]
    ]"""
)


def paths(data: JsonValue, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Every place of a document."""
    yield path
    if isinstance(data, dict):
        for key, value in data.items():
            yield from paths(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from paths(value, (*path, index))


def changed(data: JsonValue, path: tuple[Step, ...], act: str, value: JsonValue) -> JsonValue:
    """A copy in which the value at `path` is replaced or removed, or has a field or an item more."""
    if not path:
        return value if act == "replace" else more(data, value)
    step, rest = path[0], path[1:]
    if isinstance(data, dict):
        pairs = [
            (key, changed(each, rest, act, value) if key == step else each)
            for key, each in data.items()
            if key != step or rest or act != "remove"
        ]
        return dict(pairs)
    assert isinstance(data, list)
    return [
        changed(each, rest, act, value) if index == step else each
        for index, each in enumerate(data)
        if index != step or rest or act != "remove"
    ]


def more(data: JsonValue, value: JsonValue) -> JsonValue:
    if isinstance(data, dict):
        return {**data, "x": value}
    return [*data, value] if isinstance(data, list) else [data, value]


DOCUMENTS = {file: read_document(text).data for file, text in GOOD.items()}
PLACES = [(file, path) for file, data in DOCUMENTS.items() for path in paths(data)]


def test_the_documents_are_good(tmp_path: Path) -> None:
    assert problems(write_district(tmp_path, GOOD)) == []
    assert [file for file, data in DOCUMENTS.items() if is_refused(file, data)] == []


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    place=st.sampled_from(PLACES),
    act=st.sampled_from(["replace", "replace", "remove", "more"]),
    value=st.sampled_from(VALUES),
)
def test_what_the_editor_marks_rollcall_refuses(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[str, tuple[Step, ...]], act: str, value: JsonValue
) -> None:
    file, path = place
    document = changed(DOCUMENTS[file], path, act, value)
    if is_refused(file, document):
        # JSON is YAML: every text stands in quotes, every number is plain.
        changes = {**GOOD, file: json.dumps(document, ensure_ascii=False)}
        assert problems(write_district(tmp_path_factory.mktemp("district"), changes)) != []
