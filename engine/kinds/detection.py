"""How a program is recognised on a host."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StrictInt, model_validator

from engine.kinds.contract import Part
from engine.kinds.paths import LocalEntryPath
from engine.kinds.registry_value import normal_key

_GUID = re.compile(r"\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}")


def _guid(text: str) -> str:
    upper = text.upper()
    if not _GUID.fullmatch(upper):
        raise ValueError(f"a code looks like {{12345678-ABCD-1234-ABCD-1234567890AB}}: {text!r}")
    return upper


Guid = Annotated[str, AfterValidator(_guid), Field(examples=["{23170F69-40C1-2702-2301-000001000000}"])]
View = Literal["64", "32"]


class ByProductCode(Part):
    """By Windows Installer's code of exactly one version."""

    type: Literal["product_code"] = "product_code"
    code: Guid
    """The product code."""


class ByUpgradeCode(Part):
    """By Windows Installer's code that all versions of a product share."""

    type: Literal["upgrade_code"] = "upgrade_code"
    code: Guid
    """The upgrade code."""


class ByUninstallEntry(Part):
    """By the product's entry under "Apps & features"."""

    type: Literal["uninstall_entry"] = "uninstall_entry"
    key: Annotated[
        str | None, Field(min_length=1, max_length=255, pattern=r"^[^\\\x00]+$", examples=["Audacity_is1"])
    ] = None
    r"""The name of its key below `...\CurrentVersion\Uninstall`."""
    display_name: Annotated[str | None, Field(min_length=1, max_length=255, examples=["Audacity 3.7.1"])] = (
        None
    )
    """The name that people see, exactly but for case; used where the key's name changes with the version."""
    view: View | None = None
    """Which view of the registry holds it; left out, either."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.key is None) == (self.display_name is None):
            raise ValueError("give either key or display_name")
        return self


class ByRegistryValue(Part):
    """By a value that only this product writes."""

    type: Literal["registry_value"] = "registry_value"
    key: Annotated[str, AfterValidator(normal_key), Field(examples=[r"HKLM\SOFTWARE\Example"])]
    """The key with its root."""
    name: Annotated[str, Field(max_length=16_383, examples=["Version"])]
    """The value's name."""
    view: View = "64"
    """Which view of the registry holds it."""
    data: Annotated[StrictInt | str | None, Field(examples=[1])] = None
    """What it holds when the wanted version is installed. Left out, it holds the installed version."""


class ByFileVersion(Part):
    """By the version resource of a program file."""

    type: Literal["file_version"] = "file_version"
    path: Annotated[LocalEntryPath, Field(examples=[r"C:\Program Files\Stellarium\stellarium.exe"])]
    """The file's full path on the host."""


Detection = Annotated[
    ByProductCode | ByUpgradeCode | ByUninstallEntry | ByRegistryValue | ByFileVersion,
    Field(discriminator="type"),
]
