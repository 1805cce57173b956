"""For every kind: a spec, and specs that differ from it in one field. Used by the tests of all rooms.

The accounts are those of the domain BCPS: DHS-Staff, DHS-Admins, DHS-Students. Installers and other files are
made up, so whoever wants to send them has to put real ones in their place.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.kinds.detection import ByProductCode, ByUninstallEntry
from engine.kinds.directory import DirectorySpec, Permission, Permissions
from engine.kinds.file import FileSpec, SourceFile, TextContent
from engine.kinds.known_versions import Uninstall
from engine.kinds.printer import PrinterSpec
from engine.kinds.printer_driver import PrinterDriverSpec
from engine.kinds.printer_port import PrinterPortSpec
from engine.kinds.registry_value import RegistryValueSpec
from engine.kinds.service import ServiceSpec
from engine.kinds.share import ShareAccess, ShareSpec
from engine.kinds.software import Installer, SoftwareSpec
from engine.model.resource import Spec

STAFF, ADMINS, STUDENTS = r"BCPS\DHS-Staff", r"BCPS\DHS-Admins", r"BCPS\DHS-Students"


@dataclass(frozen=True, slots=True)
class Mutation:
    """The same resource with one field declared otherwise: `field` of the state is then different."""

    field: str
    spec: Spec


@dataclass(frozen=True, slots=True)
class Sample:
    """One resource. `needs`: what has to be on the host before it, as kind and spec."""

    kind: str
    spec: Spec
    mutations: tuple[Mutation, ...]
    needs: tuple[tuple[str, Spec], ...] = ()

    @property
    def id(self) -> str:
        return f"{self.kind}-{type(self.spec).__name__}"


def _with(spec: Spec, state_field: str, **fields: object) -> Mutation:
    return Mutation(state_field, type(spec).model_validate({**dict(spec), **fields}))


def _directory() -> Sample:
    entries = (
        Permission(account=r"BUILTIN\Administrators", rights=("full",)),
        Permission(account="SYSTEM", rights=("full",)),
        Permission(account=STAFF, rights=("modify",)),
        Permission(account=STUDENTS, rights=("list",)),
    )
    permissions = Permissions(owner=r"BUILTIN\Administrators", inherit=False, entries=entries, exclusive=True)
    spec = DirectorySpec(path=r"D:\Samples\Staff", permissions=permissions)

    def changed(state_field: str, **fields: object) -> Mutation:
        other = Permissions.model_validate({**dict(permissions), **fields})
        return _with(spec, state_field, permissions=other)

    return Sample(
        "directory",
        spec,
        (
            changed("owner", owner=ADMINS),
            changed("inherit", inherit=True),
            changed("entries", entries=entries[:3]),
            changed(
                "entries",
                entries=(*entries[:3], Permission(account=STUDENTS, rights=("write",), type="deny")),
            ),
            changed(
                "entries",
                entries=(
                    *entries[:3],
                    Permission(account=STUDENTS, rights=("read",), applies_to="this folder only"),
                ),
            ),
        ),
    )


def _share() -> Sample:
    access = ShareAccess(full=(ADMINS,), change=(STAFF,), deny=(STUDENTS,))
    spec = ShareSpec(
        name="Samples",
        path=r"D:\Samples\Shared",
        description="Shared documents",
        access=access,
        caching="none",
        access_based_enumeration=True,
        encrypt=False,
        user_limit=0,
    )
    needs = (
        ("directory", DirectorySpec(path=spec.path)),
        ("directory", DirectorySpec(path=r"D:\Samples\Other")),
    )
    return Sample(
        "share",
        spec,
        (
            _with(spec, "path", path=r"D:\Samples\Other"),
            _with(spec, "description", description="Documents of the staff"),
            _with(spec, "access", access=ShareAccess(full=(ADMINS,), read=(STAFF,), deny=(STUDENTS,))),
            _with(spec, "access", access=ShareAccess(full=(ADMINS,), change=(STAFF,))),
            _with(spec, "access", access=ShareAccess(change=(STAFF, "Everyone"), deny=(STUDENTS,))),
            _with(spec, "caching", caching="documents"),
            _with(spec, "access_based_enumeration", access_based_enumeration=False),
            _with(spec, "encrypt", encrypt=True),
            _with(spec, "user_limit", user_limit=20),
        ),
        needs,
    )


def _printing() -> tuple[Sample, ...]:
    port = PrinterPortSpec(name="IP_10.114.0.21", address="10.114.0.21", number=9100, snmp=False)
    other_port = PrinterPortSpec(name="IP_10.114.0.22", address="10.114.0.22")
    driver = PrinterDriverSpec(name="Microsoft PCL6 Class Driver")
    other_driver = PrinterDriverSpec(name="Microsoft PS Class Driver")
    queue = PrinterSpec(
        name="Sample-Laser",
        driver=driver.name,
        port=port.name,
        shared=True,
        share_name="SampleLaser",
        location="Room 114",
        comment="Duplex",
        duplex="long_edge",
        colour=False,
        paper="A4",
    )
    return (
        Sample(
            "printer_port",
            port,
            (
                _with(port, "address", address="10.114.0.99"),
                _with(port, "number", number=9101),
                _with(port, "snmp", snmp=True),
            ),
        ),
        Sample("printer_driver", driver, ()),
        Sample(
            "printer",
            queue,
            (
                _with(queue, "driver", driver=other_driver.name),
                _with(queue, "port", port=other_port.name),
                _with(queue, "share_name", share_name="RoomLaser"),
                _with(queue, "location", location="Room 115"),
                _with(queue, "comment", comment=""),
                _with(queue, "duplex", duplex="one_sided"),
                _with(queue, "colour", colour=True),
                _with(queue, "paper", paper="Letter"),
            ),
            (
                ("printer_port", port),
                ("printer_port", other_port),
                ("printer_driver", driver),
                ("printer_driver", other_driver),
            ),
        ),
    )


def _registry() -> tuple[Sample, ...]:
    def sample(type_: str, data: object, other: object, **more: object) -> Sample:
        body = {"key": r"HKLM\SOFTWARE\Bcps\Samples", "name": type_, "type": type_, "data": data, **more}
        spec = RegistryValueSpec.model_validate(body)
        return Sample("registry_value", spec, (_with(spec, "data", data=other),))

    dword = sample("dword", 1, 0xFFFFFFFF)
    return (
        Sample(
            "registry_value",
            dword.spec,
            (*dword.mutations, _with(dword.spec, "type", type="qword")),
        ),
        sample("qword", 2**63, 0),
        sample("string", "", "text with \" and ' and $(x) and `n"),
        sample("expand_string", "%SystemRoot%\\x", "%ProgramData%\\x", view="32"),
        sample("multi_string", ("one",), ("one", "two")),
        sample("multi_string", (), ("one",), name="empty list"),
        sample("binary", "00 ff 10", "", view="32"),
        sample("none", "", "01"),
        sample("string", "default", "other", name=""),
        sample("dword", 1, 2, key=r"HKU\.DEFAULT\Software\Bcps", name=r"\\*\NETLOGON"),
    )


def _service() -> Sample:
    spec = ServiceSpec(name="Spooler", start="automatic", state="running")
    return Sample(
        "service",
        spec,
        (
            _with(spec, "start", start="delayed"),
            _with(spec, "start", start="manual"),
            _with(spec, "state", state="stopped"),
        ),
    )


def _file() -> tuple[Sample, ...]:
    text = TextContent(text="[lab]\nroom = 114\n")
    spec = FileSpec(path=r"C:\ProgramData\Bcps\Samples\labs.ini", content=text)
    source = FileSpec(
        path=r"C:\ProgramData\Bcps\Samples\wallpaper.jpg",
        content=SourceFile(source="files/wallpaper.jpg", sha256="a" * 64, size=3),
    )
    return (
        Sample(
            "file",
            spec,
            (
                _with(spec, "content", content=TextContent(text="[lab]\nroom = 115\n")),
                _with(spec, "content", content=TextContent(text=text.text, line_endings="lf")),
                _with(spec, "content", content=TextContent(text=text.text, encoding="utf-16")),
            ),
        ),
        Sample(
            "file",
            source,
            (
                _with(
                    source, "content", content=SourceFile(source="files/other.jpg", sha256="b" * 64, size=4)
                ),
            ),
        ),
    )


def _software() -> tuple[Sample, ...]:
    msi = Installer(
        type="msi",
        file="Sample-6.0.8.msi",
        source="files/Sample-6.0.8.msi",
        sha256="c" * 64,
        size=4096,
        version="6.0.8",
        arguments=("ALLUSERS=1",),
    )
    package = SoftwareSpec(
        id="sample-msi",
        title="Sample",
        version="6.0.8",
        detection=ByProductCode(code="{11111111-2222-3333-4444-555555555555}"),
        installer=msi,
    )
    exe = msi.model_copy(
        update={"type": "exe", "file": "sample-setup.exe", "sha256": "d" * 64, "arguments": ("/S",)}
    )
    program = SoftwareSpec(
        id="sample-exe",
        title="Sample",
        version=">=6.0.8",
        detection=ByUninstallEntry(key="Sample_is1"),
        installer=exe,
        uninstall=Uninstall(executable=r"C:\Program Files\Sample\unins000.exe", arguments=("/VERYSILENT",)),
    )
    newer = msi.model_copy(update={"version": "6.1", "sha256": "e" * 64})
    newer_exe = exe.model_copy(update={"version": "6.1", "sha256": "f" * 64})
    return (
        Sample("software", package, (_with(package, "version", version="6.1", installer=newer),)),
        Sample("software", program, (_with(program, "version", version=">=6.1", installer=newer_exe),)),
    )


def samples() -> tuple[Sample, ...]:
    """All samples, in an order in which each follows what it needs."""
    return (_directory(), _share(), *_printing(), *_registry(), _service(), *_file(), *_software())
