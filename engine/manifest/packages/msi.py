"""What a Windows Installer package says of itself, from its Property table and its summary information.

The meanings are those of Microsoft's documentation of Windows Installer: "Property Table", "Template Summary
property", "Word Count Summary property", "ALLUSERS property", "MSIINSTALLPERUSER property".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal, cast

from olefile import OleFileIO
from pymsi import streamname
from pymsi.package import Package
from pymsi.summary import PROPERTY_TEMPLATE, PROPERTY_WORD_COUNT, Summary

from engine.manifest.opening import open_regular
from engine.manifest.packages.bounded import BoundedFile, TooMuchToRead
from engine.manifest.packages.digest import digest_file
from engine.manifest.packages.signature import signer_name

Platform = Literal["x86", "x64", "arm64", "ia64"]
Scope = Literal["machine", "user"]

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # MS-CFB 2.2
# The class of a compound file's root says what it is.
_PACKAGE, _OTHERS = (
    "000C1084-0000-0000-C000-000000000046",
    {
        "000C1086-0000-0000-C000-000000000046": "a patch (.msp), which changes a product and installs none",
        "000C1082-0000-0000-C000-000000000046": "a transform (.mst), which changes a package and is none",
    },
)
_SIGNATURE = "\x05DigitalSignature"
_SUMMARY = "\x05SummaryInformation"
_PROPERTY = streamname.encode_unicode("Property", True)
# In bytes. Far more than packages hold of each: the string data of an office suite is about 5 MB.
_LIMITS: Mapping[str, int] = {
    _SUMMARY: 65_536,
    streamname.encode_unicode("_StringPool", True): 2_097_152,
    streamname.encode_unicode("_StringData", True): 67_108_864,
    streamname.encode_unicode("_Tables", True): 65_536,
    streamname.encode_unicode("_Columns", True): 1_048_576,
    _PROPERTY: 1_048_576,
    streamname.encode_unicode("_Validation", True): 1_048_576,
    _SIGNATURE: 1_048_576,
}
_OPTIONAL = frozenset({streamname.encode_unicode("_Validation", True), _SIGNATURE})
_BUDGET = (
    268_435_456  # bytes read to find and read these; the allocation table of a package of 2 GB has 16 MB
)
_TEXT = 500  # characters of a name
_GUID = re.compile(r"\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}")
_LANGUAGE = re.compile(r"[0-9]{1,5}", re.ASCII)
_PLATFORMS: Mapping[str, Platform] = {
    "": "x86",
    "intel": "x86",
    "x64": "x64",
    "amd64": "x64",
    "arm64": "arm64",
    "intel64": "ia64",
}
_NOT_ELEVATED = 8  # bit 3 of the word count: the package needs no administrator


class NotAPackage(Exception):
    """The file is no package that installs a product, or cannot be read as one; str() is one line."""


@dataclass(frozen=True, slots=True)
class MsiPackage:
    """What a package says. Codes are in capitals with braces; `signer` is the CN of its signature."""

    product_code: str
    upgrade_code: str | None
    name: str
    version: str
    manufacturer: str | None
    scope: Scope
    platform: Platform
    languages: tuple[int, ...]  # Windows language identifiers: 1033 is English (United States), 0 any
    signer: str | None
    size: int  # bytes
    sha256: str


def read_msi(path: Path) -> MsiPackage:
    """Read a package; bounded in time and memory, whatever the file holds, and by its size for the digest.

    Raises:
        NotAPackage: it is something else, or malformed.
        OSError: it cannot be read.
    """
    with open_regular(path) as stream:
        if stream.read(len(_COMPOUND)) != _COMPOUND:
            raise NotAPackage("it does not begin as a Windows Installer package does")
    properties, summary, signer = _described(path)
    size, digest = digest_file(path)
    platform, languages = _template(summary)
    upgrade_code = properties.get("UpgradeCode")
    return MsiPackage(
        product_code=_code("ProductCode", properties),
        upgrade_code=None if not upgrade_code else _code("UpgradeCode", properties),
        name=_required("ProductName", properties),
        version=_required("ProductVersion", properties),
        manufacturer=_name("Manufacturer", properties) or None,
        scope=_scope(properties, summary.properties.get(PROPERTY_WORD_COUNT)),
        platform=platform,
        languages=languages,
        signer=signer,
        size=size,
        sha256=digest,
    )


def _described(path: Path) -> tuple[Mapping[str, str], Summary, str | None]:
    try:
        with BoundedFile(path, _BUDGET) as stream:
            compound = OleFileIO(stream)
            _check_kind(compound)
            _check_streams(compound)
            signature = compound.openstream(_SIGNATURE).read() if compound.exists(_SIGNATURE) else None
            stream.seek(0)
            # Its type asks for more than it uses: any file that can be read and sought will do.
            package = Package(cast("BytesIO", stream), strict=False)
            properties = _properties(package)
            summary = package.summary
    except NotAPackage:
        raise
    except TooMuchToRead:
        message = "its sectors lead in circles, or its tables are far bigger than those of a package"
        raise NotAPackage(message) from None
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the system's; those of the library have no number
        # The libraries raise whatever their reading of malformed bytes ends in.
        # What they say is about their own workings, not about the file, so it is not repeated.
        if isinstance(error, UnicodeError | LookupError):
            raise NotAPackage("its texts are not in the code page that it names") from error
        raise NotAPackage("it begins as a package, but its tables cannot be read: it is damaged") from error
    if not isinstance(summary, Summary):
        raise NotAPackage("it has no summary information")
    return properties, summary, None if signature is None else signer_name(signature)


def _check_kind(compound: OleFileIO) -> None:
    found = compound.root.clsid.upper()
    if found != _PACKAGE:
        raise NotAPackage(f"it is {_OTHERS.get(found, 'a file of another program, no package')}")


def _check_streams(compound: OleFileIO) -> None:
    for name, limit in _LIMITS.items():
        if not compound.exists(name):
            if name in _OPTIONAL:
                continue
            what = "Property table" if name == _PROPERTY else "database with summary information"
            raise NotAPackage(f"it has no {what}, so it installs no product")
        if (size := compound.get_size(name)) > limit:
            raise NotAPackage(f"one of its tables claims {size:,} bytes; at most {limit:,} are read")


def _properties(package: Package) -> Mapping[str, str]:
    table = package.get("Property")
    if table is None:
        raise NotAPackage("its Property table is not among its tables")
    return {str(row["Property"]): str(row["Value"] or "") for row in table.iter()}


def _template(summary: Summary) -> tuple[Platform, tuple[int, ...]]:
    """Platform and languages: `x64;1033,1031`. Of several platforms the first one counts."""
    written = summary.properties.get(PROPERTY_TEMPLATE)
    platforms, _, languages = (written if isinstance(written, str) else "").partition(";")
    known = platforms.split(",")[0].strip().casefold()
    platform = _PLATFORMS.get(known)
    if platform is None:
        raise NotAPackage(f"it is for the platform {_shown(known)}, which is none of Windows'")
    numbers = (number.strip() for number in languages.split(","))
    return platform, tuple(int(number) for number in numbers if _LANGUAGE.fullmatch(number))


def _scope(properties: Mapping[str, str], word_count: object) -> Scope:
    """For whom an administrator's silent installation is, if nothing else is asked for."""
    all_users = properties.get("ALLUSERS", "").strip()
    if all_users == "1":
        return "machine"
    per_user = properties.get("MSIINSTALLPERUSER", "").strip() == "1"
    if isinstance(word_count, int) and word_count & _NOT_ELEVATED:
        per_user = True
    return "machine" if all_users == "2" and not per_user else "user"


def _required(name: str, properties: Mapping[str, str]) -> str:
    value = _name(name, properties)
    if not value:
        hint = ": it is a merge module, or no package of a product" if name == "ProductCode" else ""
        raise NotAPackage(f"its Property table has no {name}{hint}")
    return value


def _code(name: str, properties: Mapping[str, str]) -> str:
    value = _required(name, properties).upper()
    if not _GUID.fullmatch(value):
        raise NotAPackage(f"its {name} is no code in braces: {_shown(value)}")
    return value


def _name(name: str, properties: Mapping[str, str]) -> str:
    """A property's text on one line, without characters that cannot be seen."""
    value = " ".join(properties.get(name, "").split())
    if len(value) > _TEXT:
        raise NotAPackage(f"its {name} has {len(value):,} characters; at most {_TEXT} are read")
    return "".join(character for character in value if character.isprintable()).strip()


def _shown(text: str) -> str:
    return repr(text[:60])
