"""What a school may say of its connection, so that nobody but the district decides who gets its password."""

from __future__ import annotations

import os
from collections.abc import Iterator

from engine.compiler.media import Media, MediaProblem
from engine.manifest.documents.district import Connection, DistrictDocument, SchoolDocument
from engine.manifest.folder import Documents, Written
from engine.manifest.nodes import MappingNode
from engine.model.origin import Finding, Origin

_AUTH = {"basic": 0, "ntlm": 1, "negotiate": 2, "kerberos": 3}  # the stronger, the higher
_SCHEME = {"http": 0, "https": 1}
_DEFAULT_AUTH, _DEFAULT_SCHEME = "negotiate", "https"
_DISTRICT_ONLY = ("ca_file", "school_suffixes")
_ASK = "ask DoIT, who can say it in district.yaml"


def refined(district: Connection, school: Connection) -> Connection:
    """The district's connection with what the school may say of it; exceptions from encryption add up.

    What a school may not say counts for nothing here, whoever has looked at the findings.
    """
    refused = {field for field, _, _ in _refusals(district, school)}
    return _merged(district, school, refused)


def own_findings(documents: Documents, media: Media) -> Iterator[Finding]:
    """What is wrong with the files that the district's connection names."""
    written = documents.district
    authorities = written.document.connection.ca_file
    if authorities is not None:
        try:
            media.find(authorities)
        except MediaProblem as problem:
            yield Finding(_place(written, "ca_file"), "missing-file", str(problem))


def school_findings(district: DistrictDocument, school: Written[SchoolDocument]) -> Iterator[Finding]:
    """What a school says of its connection, and only the district may say."""
    for field, message, hint in _refusals(district.connection, school.document.connection):
        yield Finding(_place(school, field), "connection-not-allowed", message, hint)


def _place(written: Written[DistrictDocument] | Written[SchoolDocument], field: str) -> Origin:
    connection = written.node.get("connection")
    return (connection if isinstance(connection, MappingNode) else written.node).place(field)


def _merged(district: Connection, school: Connection, refused: set[str]) -> Connection:
    said = {field: getattr(school, field) for field in school.model_fields_set - refused}
    said["plaintext"] = district.plaintext + (() if "plaintext" in refused else school.plaintext)
    return district.model_copy(update=said)


def _refusals(district: Connection, school: Connection) -> Iterator[tuple[str, str, str]]:
    """Fields of the school's connection that do not count, each with the reason and what to do."""
    for field in _DISTRICT_ONLY:
        if field in school.model_fields_set:
            yield field, f"only the district says `{field}`, for all schools", _ASK
    if "dns_suffix" in school.model_fields_set and not _is_known(district, school.dns_suffix):
        message = "`dns_suffix` is neither the district's, nor below it, nor one of its `school_suffixes`"
        yield "dns_suffix", message, "ask DoIT to add it to `connection: school_suffixes:` of district.yaml"
    if not _has_its_own_password(district, school):
        yield from _weaker(district, school)


def _is_known(district: Connection, suffix: str | None) -> bool:
    if suffix is None:
        return district.dns_suffix is None
    allowed = (*district.school_suffixes, *(() if district.dns_suffix is None else (district.dns_suffix,)))
    return any(f".{suffix}".casefold().endswith(f".{each}".casefold()) for each in allowed)


def _has_its_own_password(district: Connection, school: Connection) -> bool:
    """Whether the school logs on with a secret that is not the district's under another name."""
    if school.credentials is None:
        return False
    shared = district.credentials
    return shared is None or _secret(school.credentials.password) != _secret(shared.password)


def _secret(reference: str) -> str:
    """The place of a secret, in one of its spellings. Windows does not mind the case of any of them."""
    scheme, _, place = reference.partition(":")
    if scheme == "file":
        place = os.path.normpath(os.path.expanduser(place))  # noqa: PTH111  Path raises for unknown users
    return f"{scheme}:{place}".casefold()


def _weaker(district: Connection, school: Connection) -> Iterator[tuple[str, str, str]]:
    """Ways to log on with the district's password that are less safe than the district's own."""
    hint = f"remove it, give the school `credentials` of its own, or {_ASK}"
    merged = _merged(district, school, set())
    auth, scheme = merged.auth or _DEFAULT_AUTH, merged.scheme or _DEFAULT_SCHEME
    if _AUTH[auth] < _AUTH[district.auth or _DEFAULT_AUTH]:
        yield "auth", "with the district's credentials this is a weaker `auth` than the district's", hint
    if _SCHEME[scheme] < _SCHEME[district.scheme or _DEFAULT_SCHEME]:
        yield "scheme", "with the district's credentials this is a weaker `scheme` than the district's", hint
    if school.plaintext and (auth, scheme) == ("basic", "http"):
        yield "plaintext", "the district's password would be sent for everybody to read", hint
