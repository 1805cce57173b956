"""What an installer to be built contains. Read from a TOML file; see `manifests/media/media.toml`."""

from __future__ import annotations

from typing import Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field

_NAMESPACE = uuid5(NAMESPACE_URL, "urn:rollcall:rehearsal-media")


def braced(code: UUID) -> str:
    return "{" + str(code).upper() + "}"


class Installer(BaseModel):
    """One installer file of a product."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    file: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\.(msi|exe)$")
    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str
    version: str = Field(pattern=r"^\d+(\.\d+){1,3}$")
    publisher: str
    folder: str  # below Program Files
    files: dict[str, str] = {}  # file name to its text
    platform: Literal["x64", "Intel"] = "x64"
    product_code: str = ""
    upgrade_code: str = ""
    restart: Literal["no", "needed"] = "no"  # whether a completed installation asks for a restart
    uninstall_key: str = ""  # EXE: the key below Uninstall
    silent: str = ""  # EXE: the switch without which it waits for a click
    program: str = ""  # EXE: a program of the product that carries its version; empty: none
    scope: Literal["machine", "user"] = "machine"  # MSI: for whom it installs where nobody says otherwise
    signer: str = Field(default="", max_length=64)  # whose signature it carries; empty: none
    seconds: float = Field(default=0.2, ge=0, le=600)  # how long it works

    @property
    def product(self) -> str:
        """The ProductCode: a new one for every version, as a major upgrade needs."""
        return self.product_code or braced(uuid5(_NAMESPACE, f"product/{self.id}/{self.version}"))

    @property
    def upgrade(self) -> str:
        """The UpgradeCode: the same for all versions of a product."""
        return self.upgrade_code or braced(uuid5(_NAMESPACE, f"upgrade/{self.id}"))

    @property
    def package(self) -> str:
        """The package code: another one for every file."""
        signed = f"/{self.signer}" if self.signer else ""
        return braced(uuid5(_NAMESPACE, f"package/{self.behaviour}{signed}"))

    @property
    def behaviour(self) -> str:
        """What it does when it is run, as JSON; who signed it has no part in that.

        Fields that came later are left out where they say nothing, so that older files stay as they are.
        """
        silent = {name for name in ("program", "scope") if name not in self.model_fields_set}
        return self.model_dump_json(exclude={"signer", *silent})

    def identifier(self, role: str) -> UUID:
        """A stable GUID for a part of this product, such as a component."""
        return uuid5(_NAMESPACE, f"{role}/{self.id}")


class Media(BaseModel):
    """All installers of a folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    installer: tuple[Installer, ...]
