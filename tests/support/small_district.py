"""A small district on disk for tests: right as it stands, and spoiled one file at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from engine.compiler.district import District, load_district
from engine.compiler.evaluation import evaluation_findings
from engine.compiler.school import compile_school
from engine.model.resource import Resource, SchoolIntent

INSTALLER = bytes.fromhex("d0cf11e0a1b11ae1") + b"begins as a package does; nothing here runs it"
DIGEST = hashlib.sha256(INSTALLER).hexdigest()
TODAY = date(2026, 10, 1)  # on which evaluations of the catalog are looked at

FILES: Mapping[str, str] = {
    "district.yaml": """\
district: test
name: Test District
domain: TEST
vars: {helpdesk: '100'}
groups:
  high: {name: High schools}
registry_values:
  - {key: 'HKLM\\SOFTWARE\\Test', name: Everywhere, type: dword, data: 1, hosts: all}
""",
    "schools/alpha/school.yaml": """\
school: alpha
name: Alpha High
groups: [high]
hosts:
  server: {name: A-SRV, roles: [server]}
  lab: {range: 'A-LAB-[01-04]', roles: [workstation, quiet], room: '08'}
  library: {names: [A-LIB-1, A-LIB-2], roles: [workstation]}
""",
    "schools/alpha/resources.yaml": """\
shares:
  - {name: Staff, path: 'D:\\Staff', hosts: server, access: {full: [Everyone]}}
software:
  - {name: tool, version: '>=1.5', hosts: lab}
""",
    "catalog/software/tool.yaml": f"""\
software: tool
title: The Tool
publisher: Test
versions:
  - version: 1.0
    installer: {{type: msi, source: media/tool-1.msi, sha256: {DIGEST}}}
    detection: {{upgrade_code: '{{12345678-1234-1234-1234-1234567890AB}}'}}
  - version: 2.10
    installer: {{type: msi, source: media/tool-2.msi, sha256: {DIGEST}}}
    detection: {{upgrade_code: '{{12345678-1234-1234-1234-1234567890AB}}'}}
  - version: 2.9
    installer: {{type: msi, source: media/tool-2.msi, sha256: {DIGEST}}}
    detection: {{upgrade_code: '{{12345678-1234-1234-1234-1234567890AB}}'}}
""",
    "catalog/printers/laser.yaml": "printer: laser\ntitle: Laser\ndriver: Generic Driver\n",
    "profiles/marked.yaml": """\
profile: marked
parameters:
  label: {type: text}
  level: {type: number, default: 3}
registry_values:
  - {key: 'HKLM\\SOFTWARE\\Test', name: Label, type: string, data: '{{ parameters.label }}'}
  - {key: 'HKLM\\SOFTWARE\\Test', name: Level, type: dword, data: '{{ parameters.level }}'}
""",
}


def write_district(folder: Path, changes: Mapping[str, str] | None = None) -> Path:
    """Write the district below `folder` with some files replaced or added; returns its manifests folder."""
    manifests = folder / "manifests"
    for name, text in {**FILES, **(changes or {})}.items():
        path = manifests / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    media = manifests / "media"
    media.mkdir(exist_ok=True)
    for name in ("tool-1.msi", "tool-2.msi"):
        (media / name).write_bytes(INSTALLER)
    (media / "tool.exe").write_bytes(INSTALLER)
    (folder / "templates").mkdir(exist_ok=True)
    return manifests


def problems(manifests: Path) -> list[str]:
    """All findings of loading and compiling, as people see them."""
    loaded = load_district(manifests)
    findings = set(loaded.findings)
    if loaded.district is not None:
        compiled = [compile_school(loaded.district, school) for school in loaded.district.schools]
        findings.update(finding for school in compiled for finding in school.findings)
        uses = (school.use for school in compiled)
        findings.update(evaluation_findings(loaded.district.documents, uses, TODAY))
    return [str(finding) for finding in sorted(findings)]


def load(manifests: Path) -> District:
    """The district, which must be right."""
    loaded = load_district(manifests)
    assert loaded.district is not None
    assert loaded.findings == ()
    return loaded.district


def intent(manifests: Path, school: str = "alpha") -> SchoolIntent:
    """What a school should have; nothing may be wrong."""
    compiled = compile_school(load(manifests), school)
    assert compiled.findings == ()
    assert compiled.intent is not None
    return compiled.intent


def resource(school: SchoolIntent, address: str) -> Resource:
    """The resource `host/kind/name`."""
    wanted = f"{school.school}/{address}".casefold()
    return next(found for found in school.resources if found.address.casefold() == wanted)
