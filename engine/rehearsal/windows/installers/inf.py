"""Reads a printer driver's INF file as far as staging needs it ("INF File Sections" of the Windows DDK)."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass


class InfInvalid(Exception):
    """The INF cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class DriverPackage:
    provider: str
    version: str
    models: tuple[str, ...]  # driver names for this computer's platform
    files: tuple[str, ...]  # that must lie beside the INF


def read_inf(content: bytes) -> DriverPackage:
    """The driver names that an INF declares for x64 Windows, and the files it needs.

    Raises:
        InfInvalid: no Version section of class Printer, no models for x64, or no catalog file.
    """
    sections = _sections(_text(content))
    version = _settings(sections.get("version", ()))
    if version.get("class", "").casefold() != "printer":
        raise InfInvalid("the INF is not of class Printer")
    catalog = version.get("catalogfile.ntamd64") or version.get("catalogfile")
    if not catalog:
        # Windows refuses an unsigned printer driver: no catalog, no signature.
        raise InfInvalid("The third-party INF does not contain digital signature information.")
    strings = {key: value.strip('"') for key, value in _settings(sections.get("strings", ())).items()}
    models = _models(sections, strings)
    if not models:
        raise InfInvalid("the INF has no models for this version of Windows (NTamd64)")
    sources = _settings(sections.get("sourcedisksfiles", ()))
    return DriverPackage(
        provider=_fill(version.get("provider", ""), strings),
        version=version.get("driverver", ",").partition(",")[2].strip(),
        models=tuple(models),
        files=(catalog, *sources),
    )


def _text(content: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF8, "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    return content.decode("cp1252", "replace")


def _sections(text: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for raw in text.splitlines():
        line = raw.partition(";")[0].strip()
        if line.startswith("[") and line.endswith("]"):
            lines = sections.setdefault(line[1:-1].strip().casefold(), [])
        elif line:
            lines.append(line)
    return sections


def _settings(lines: list[str] | tuple[str, ...]) -> dict[str, str]:
    pairs = (line.partition("=") for line in lines)
    return {key.strip().strip('"').casefold(): value.strip() for key, _, value in pairs}


def _models(sections: Mapping[str, list[str]], strings: Mapping[str, str]) -> list[str]:
    """Names on the left of the sections that Manufacturer points to for NTamd64."""
    found = dict[str, None]()
    for value in _settings(sections.get("manufacturer", ())).values():
        section, *platforms = [part.strip() for part in value.split(",")]
        for platform in platforms:
            if platform.casefold().startswith("ntamd64"):
                for line in sections.get(f"{section}.{platform}".casefold(), ()):
                    found[_fill(line.partition("=")[0].strip(), strings)] = None
    return list(found)


def _fill(text: str, strings: Mapping[str, str]) -> str:
    text = text.strip('"')
    if text.startswith("%") and text.endswith("%"):
        return strings.get(text.strip("%").casefold(), text)
    return text
