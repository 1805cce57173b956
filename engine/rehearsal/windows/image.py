"""What a simulated host is made from: the typed form of `images` in fleet.json.

An image names only what is special about it; everything else is what Windows itself brings along
(see `defaults`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

GIGABYTE = 2**30


class ImagePart(BaseModel):
    """Base of all parts: immutable, strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Drive(ImagePart):
    """A fixed disk's volume; sizes in bytes."""

    letter: Annotated[str, Field(pattern=r"^[A-Z]$")]
    label: str = ""
    size: Annotated[int, Field(gt=0)]
    occupied: Annotated[int, Field(ge=0)] = 0  # by files that are not simulated, such as Windows itself


class StoredFile(ImagePart):
    """A file that is there from the start. `source`: where its bytes are on the computer that simulates."""

    path: Annotated[str, Field(pattern=r"^[A-Z]:\\.")]
    source: str


class OperatingSystem(ImagePart):
    """What `winver` would say. `product_type`: 1 workstation, 3 server (Win32_OperatingSystem)."""

    caption: str
    version: str  # 10.0.20348
    build: str
    display_version: str  # 21H2
    product_type: Literal[1, 3]


class Service(ImagePart):
    """A service as an image declares it. `dependencies` are the services that it needs."""

    name: str
    display_name: str = ""
    description: str = ""
    start_type: Literal["Automatic", "Manual", "Disabled", "Boot", "System"] = "Manual"
    delayed: bool = False
    running: bool = False
    can_stop: bool = True
    dependencies: tuple[str, ...] = ()
    executable: str = r"C:\Windows\system32\svchost.exe -k netsvcs -p"
    account: str = "LocalSystem"


class PrinterDriver(ImagePart):
    """A printer driver in the driver store; `installed` ones can be used by a queue at once."""

    name: str
    manufacturer: str = "Microsoft"
    environment: Literal["Windows x64", "Windows NT x86"] = "Windows x64"
    major_version: Literal[3, 4] = 4
    version: str = "10.0.20348.1"
    inf: str = ""
    installed: bool = False
    duplex: bool = True  # whether it can print on both sides, and in colour
    color: bool = True
    papers: tuple[int, ...] = ()  # the numbers of the papers that it knows; empty: all


class RegistryValue(ImagePart):
    """A value that the image starts with. `data`: a string, a number, lines, or bytes in hex for Binary."""

    key: str  # HKLM\SOFTWARE\...
    name: str  # "" is the key's default value
    type: Literal["String", "ExpandString", "Binary", "DWord", "MultiString", "QWord", "None"] = "String"
    data: str | int | tuple[str, ...]
    view: Literal["64", "32"] = "64"


class Product(ImagePart):
    """A product that is installed already, as Programs and Features lists it.

    `key`: the name under Uninstall, a product code in braces for an MSI.
    """

    key: str
    name: str
    version: str
    publisher: str = ""
    uninstall_string: str = ""
    quiet_uninstall_string: str = ""
    install_location: str = ""
    view: Literal["64", "32"] = "64"
    upgrade_code: str = ""  # of an MSI, in braces


class LocalUser(ImagePart):
    """A user of the computer itself."""

    name: str
    password: str = Field(repr=False)
    full_name: str = ""


class HostImage(ImagePart):
    """One sort of computer. Lists add to what Windows brings along; an entry of the same name replaces it."""

    kind: Literal["server", "workstation"] = "workstation"
    locale: str = "en-US"
    time_zone: str = "Eastern Standard Time"
    os: OperatingSystem | None = None
    manufacturer: str = "Dell Inc."
    model: str = ""
    memory: int = 16 * GIGABYTE  # bytes
    drives: tuple[Drive, ...] = ()
    files: tuple[StoredFile, ...] = ()
    services: tuple[Service, ...] = ()
    printer_drivers: tuple[PrinterDriver, ...] = ()
    registry: tuple[RegistryValue, ...] = ()
    products: tuple[Product, ...] = ()
    local_users: tuple[LocalUser, ...] = ()
    local_groups: dict[str, tuple[str, ...]] = {}
