"""Catalog entries as YAML text. Whoever writes them checks the text against the model first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.manifest.documents.catalog import SoftwareVersion
from engine.manifest.packages.msi import MsiPackage
from engine.manifest.roundtrip.forms import quoted

REQUESTED = """\
# Requested: no host may have it yet. Whoever reviews it sets `status: evaluating` with the schools that try
# it out, and then `status: approved`. Scope (schools, groups, grades), dates and licence seats go here too.
evaluation:
  status: requested
"""


@dataclass(frozen=True, slots=True)
class Field:
    """A field and its written value."""

    name: str
    text: str


def fields(indent: int, *given: Field | None) -> str:
    """Lines of `name: value`; those that are None are left out."""
    pad = " " * indent
    return "".join(f"{pad}{each.name}: {each.text}\n" for each in given if each is not None)


def text_field(name: str, value: str | None) -> Field | None:
    """A field that holds a text, in quotes where it needs them."""
    return None if value is None else Field(name, quoted(value))


def list_field(name: str, values: Iterable[str | int]) -> Field | None:
    """A field that holds a list on one line; None where it is empty."""
    items = [quoted(item, in_brackets=True) if isinstance(item, str) else str(item) for item in values]
    return Field(name, f"[{', '.join(items)}]") if items else None


def head(identifier: str, title: str, publisher: str) -> str:
    """The first lines of an entry, up to its versions."""
    named = fields(
        0,
        Field("software", identifier),
        text_field("title", title),
        text_field("publisher", publisher),
    )
    return f"{named}{REQUESTED}"


def msi_version(
    package: MsiPackage, source: str, *, all_users: bool, by_product: bool, like: SoftwareVersion | None
) -> str:
    """One item of `versions` for a package.

    `like` is an older version whose arguments, timeout and exit codes hold for this one too. Detection is by
    the product code if `by_product` says so or there is no upgrade code, else by the upgrade code.
    """
    arguments = list(like.installer.arguments) if like is not None else []
    if all_users and "ALLUSERS=1" not in arguments:
        arguments.append("ALLUSERS=1")
    minutes = None
    if like is not None and "timeout_minutes" in like.installer.model_fields_set:
        minutes = Field("timeout_minutes", str(like.installer.timeout_minutes))
    code = package.product_code if by_product or package.upgrade_code is None else package.upgrade_code
    found_by = "product_code" if code == package.product_code else "upgrade_code"
    installer = fields(
        6,
        Field("type", "msi"),
        text_field("source", source),
        Field("size", str(package.size)),
        Field("sha256", package.sha256),
        text_field("signer", package.signer),
        Field("scope", "user") if package.scope == "user" else None,
        list_field("arguments", arguments),
        minutes,
    )
    return (
        f"  - version: {version_text(package.version)}\n"
        f"    installer:\n{installer}"
        f"    detection:\n{fields(6, text_field(found_by, code))}"
        f"{_exit_codes(like)}"
    )


def version_text(version: str) -> str:
    """A version as people write it: numbers and dots without quotes, since the field takes them as a text."""
    return version if version.replace(".", "").isdigit() and version.isascii() else quoted(version)


def _exit_codes(like: SoftwareVersion | None) -> str:
    if like is None or "exit_codes" not in like.model_fields_set:
        return ""
    codes = like.exit_codes
    given = [
        Field(name, f"[{', '.join(map(str, values))}]")
        for name, values in (("success", codes.success), ("reboot", codes.reboot), ("retry", codes.retry))
        if name in codes.model_fields_set
    ]
    return f"    exit_codes:\n{fields(6, *given)}"
