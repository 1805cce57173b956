"""Use case: start a district, with everything in place that the next commands need."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from engine.app.authoring.words import chosen_identifier, initials
from engine.app.beside import create_file, leads_out
from engine.app.editing import editor_files
from engine.app.errors import NotWritten, WouldReplace
from engine.app.loading import intents, load
from engine.app.project import Project
from engine.manifest.ranges import check_host_name
from engine.manifest.roundtrip.forms import quoted
from engine.manifest.roundtrip.reading import read_layout
from engine.manifest.roundtrip.rewriting import drawn
from engine.manifest.yaml import parse_yaml

# NetBIOS domain names (Microsoft: "Naming conventions in Active Directory"), without what would need quotes.
_DOMAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,14}", re.ASCII)
_DNS = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}", re.ASCII)
_DOTTED = {"gitignore": ".gitignore", "gitattributes": ".gitattributes"}  # names that a wheel would lose
_LONGEST = 100  # characters of a name for people


class Forge(StrEnum):
    """Where the district's repository is, for its pipeline."""

    GITHUB = "github"
    GITLAB = "gitlab"


_PIPELINES = {Forge.GITHUB: ".github/workflows/rollcall.yml", Forge.GITLAB: ".gitlab-ci.yml"}


@dataclass(frozen=True, slots=True)
class Names:
    """What the new district and its first school are called; made and checked by `names`."""

    district: str
    district_name: str
    domain: str
    dns: str
    school: str
    school_name: str
    prefix: str  # of the names of the school's hosts and account groups


def names(
    *,
    district_name: str = "Example Public Schools",
    school_name: str = "Example High School",
    district: str | None = None,
    domain: str | None = None,
    dns: str | None = None,
    school: str | None = None,
    prefix: str | None = None,
) -> Names:
    """All names, those that are not given proposed from the names for people.

    Raises:
        NotWritten: one of them is not possible.
    """
    for name in (district_name, school_name):
        if not name.strip() or len(name) > _LONGEST or not name.isprintable():
            raise NotWritten(
                f"a name has up to {_LONGEST} characters, all of which can be seen: {name[:40]!r}"
            )
    domain = domain or initials(district_name)
    chosen = Names(
        district=chosen_identifier(district, district_name, "--id"),
        district_name=district_name,
        domain=domain,
        dns=dns or f"{domain.casefold()}.example",
        school=chosen_identifier(school, school_name, "--school-id"),
        school_name=school_name,
        prefix=prefix or initials(school_name),
    )
    if not _DOMAIN.fullmatch(chosen.domain):
        raise NotWritten(
            f"{chosen.domain!r} is no short name of a domain: up to 15 letters, digits and hyphens"
        )
    if not _DNS.fullmatch(chosen.dns):
        raise NotWritten(f"{chosen.dns!r} is no DNS name of a domain, such as bcps.example")
    try:
        check_host_name(f"{chosen.prefix}-L101-12")
    except ValueError as error:
        raise NotWritten(f"hosts cannot be named with the prefix {chosen.prefix!r}: {error}") from None
    return chosen


def scaffold(folder: Path, chosen: Names, forge: Forge | None, *, vscode: bool) -> tuple[str, ...]:
    """Write a district into a folder, which may hold other files; returns what was written.

    The district is made and checked elsewhere first.

    Raises:
        WouldReplace: one of the files is there already; the message lists them.
        NotWritten: it cannot be written.
        InvalidInput: the names lead to a district that is not right.
    """
    texts = {**_district(chosen), **_pipeline(forge)}
    with tempfile.TemporaryDirectory(prefix="rollcall-") as made:
        _write(Path(made), texts)
        intents(load(Project(Path(made).resolve() / "manifests")), (chosen.school,))
    if vscode:
        texts |= {file.path: file.text for file in editor_files(folder, "manifests")}
    taken = [path for path in texts if (folder / path).exists() or (folder / path).is_symlink()]
    if taken:
        raise WouldReplace(f"nothing was written to {folder}; these are there already: {', '.join(taken)}")
    outside = [path for path in texts if leads_out(folder, folder / path)]
    if outside:
        raise NotWritten(f"nothing was written; links lead out of {folder}: {', '.join(outside)}")
    try:
        _write(folder, texts)
    except OSError as error:
        raise NotWritten(f"{error.filename or folder} cannot be written: {error.strerror or error}") from None
    return tuple(sorted(texts))


def _district(chosen: Names) -> dict[str, str]:
    group, group_name = _group(chosen.school_name)
    values = {
        "group": group,
        "group_name": group_name,
        "district": chosen.district,
        "district_name": quoted(chosen.district_name),
        "domain": chosen.domain,
        "domain_value": quoted(chosen.domain),
        "dns_value": quoted(chosen.dns),
        "account": quoted(f"{chosen.domain}\\svc-rollcall"),
        "school": chosen.school,
        "school_name": quoted(chosen.school_name),
        "prefix": chosen.prefix,
        "prefix_value": quoted(chosen.prefix),
    }
    texts: dict[str, str] = {}
    for path, template in _templates(files("engine.app") / "scaffold" / "district", ""):
        plain = {**values, "district_name": chosen.district_name} if path.endswith(".md") else values
        text = _filled(template, plain)
        target = path.replace("schools/school/", f"schools/{chosen.school}/")
        texts[target] = _in_form(text) if path.endswith(".yaml") else text
    return texts


def _group(school: str) -> tuple[str, str]:
    """The group of schools that a school's name speaks of."""
    words = re.findall(r"\w+", school.casefold())
    for group in ("elementary", "middle", "high"):
        if group in words:
            return group, f"{group.capitalize()} schools"
    return "all-schools", "All schools"


def _filled(template: Traversable, values: Mapping[str, str]) -> str:
    return Template(template.read_text(encoding="utf-8")).substitute(values)


def _in_form(text: str) -> str:
    """The canonical form: a long name may need other quotes or lines."""
    node, _ = parse_yaml(text, "")
    return text if node is None else drawn(read_layout(text), node)


def _templates(folder: Traversable, above: str) -> Iterator[tuple[str, Traversable]]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{above}{_DOTTED.get(each.name, each.name)}"
        if each.is_dir():
            yield from _templates(each, f"{path}/")
        else:
            yield path, each


def _pipeline(forge: Forge | None) -> dict[str, str]:
    if forge is None:
        return {}
    template = files("engine.app") / "scaffold" / "pipelines" / f"{forge.value}.yml"
    return {_PIPELINES[forge]: template.read_text(encoding="utf-8")}


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    for path, text in texts.items():
        create_file(folder / path, text.encode())
