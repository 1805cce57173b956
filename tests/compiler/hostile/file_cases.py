"""Paths and files that lead elsewhere, or that are no files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tests.compiler.hostile.case import MORE, Case, refused
from tests.support.small_district import FILES

STOLEN = "district: stolen\n"


def _source(path: str) -> dict[str, str]:
    quoted = path.replace("'", "''")
    return {MORE: f"files:\n  - {{path: 'C:\\x.txt', hosts: lab, source: '{quoted}'}}\n"}


def _template(path: str) -> dict[str, str]:
    return {MORE: f"files:\n  - {{path: 'C:\\x.txt', hosts: lab, template: '{path}'}}\n"}


def _installer(path: str) -> dict[str, str]:
    return {
        "catalog/software/tool.yaml": FILES["catalog/software/tool.yaml"].replace("media/tool-1.msi", path)
    }


def _driver(folder: str, file: str) -> dict[str, str]:
    package = f"package: {{folder: '{folder}', inf: '{file}', files: {{'{file}': {'0' * 64}}}}}\n"
    return {
        "catalog/printers/laser.yaml": f"printer: laser\ntitle: Laser\ndriver: Laser\n{package}",
        MORE: "printers:\n  - {name: P, hosts: server, model: laser, address: 10.0.0.1}\n",
    }


def _linked(name: str) -> Callable[[Path], None]:
    """What stands at `name` below the project's folder becomes a link to the same outside of it."""

    def prepare(folder: Path) -> None:
        path, outside = folder / name, folder.parent / f"{folder.name}-outside" / name
        outside.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.rename(outside)
        else:
            outside.write_text(STOLEN)
        path.symlink_to(outside)

    return prepare


def _pipe(name: str) -> Callable[[Path], None]:
    def prepare(folder: Path) -> None:
        os.mkfifo(folder / name)

    return prepare


def _link(name: str, target: str) -> Callable[[Path], None]:
    def prepare(folder: Path) -> None:
        path = folder / name
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    return prepare


def _prepared(name: str, prepare: Callable[[Path], None], *rules: str, files: dict[str, str]) -> Case:
    return Case(name, files, frozenset(rules), prepare=prepare)


_OUT = ("../../../../../../etc/passwd", "/etc/passwd", "..\\..\\district.yaml", "media/../../district.yaml")
_ODD = ("~/x", "C:\\Windows\\win.ini", "media/tool-1.msi/", ".", "file:///etc/passwd", "/dev/zero", "CON")

CASES: tuple[Case, ...] = (
    *(refused(f"source-{n}", _source(path), "missing-file") for n, path in enumerate((*_OUT, *_ODD))),
    *(refused(f"template-path-{n}", _template(path), "missing-file") for n, path in enumerate(_OUT)),
    *(refused(f"installer-{n}", _installer(path), "invalid-value") for n, path in enumerate(_OUT)),
    refused("driver-folder-outside", _driver("../..", "x.inf"), "missing-file"),
    refused("driver-file-outside", _driver("media", "../district.yaml"), "missing-file"),
    refused("driver-absolute", _driver("/etc", "passwd"), "missing-file"),
    _prepared("linked-district", _linked("manifests/district.yaml"), "file-outside", files={}),
    _prepared("linked-school-file", _linked("manifests/schools/alpha/school.yaml"), "file-outside", files={}),
    _prepared("linked-school", _linked("manifests/schools/alpha"), "file-outside", "unused-group", files={}),
    _prepared("linked-schools", _linked("manifests/schools"), "file-outside", files={}),
    _prepared("linked-catalog", _linked("manifests/catalog"), "file-outside", files={}),
    _prepared("linked-profiles", _linked("manifests/profiles"), "file-outside", files={}),
    _prepared("linked-media", _linked("manifests/media"), "missing-file", files={}),
    _prepared("linked-part", _linked("manifests/schools/alpha/more.yaml"), "file-outside", files={}),
    _prepared(
        "linked-templates",
        _linked("templates"),
        "missing-file",
        files={**_template("x.j2"), "../templates/x.j2": STOLEN},
    ),
    _prepared("linked-template", _linked("templates/x.j2"), "missing-file", files=_template("x.j2")),
    _prepared("link-to-itself", _link(f"manifests/{MORE}", "more.yaml"), "file-unreadable", files={}),
    _prepared("link-to-zeros", _link(f"manifests/{MORE}", "/dev/zero"), "file-outside", files={}),
    _prepared("link-to-the-terminal", _link(f"manifests/{MORE}", "/dev/tty"), "file-outside", files={}),
    _prepared("pipe-as-manifest", _pipe(f"manifests/{MORE}"), "file-unreadable", files={}),
    _prepared("pipe-as-profile", _pipe("manifests/profiles/x.yaml"), "file-unreadable", files={}),
    _prepared("pipe-as-source", _pipe("manifests/media/x"), "missing-file", files=_source("media/x")),
    _prepared("pipe-as-template", _pipe("templates/x"), "missing-file", files=_template("x")),
)
