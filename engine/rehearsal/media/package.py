"""Builds an MSI package from a product's description."""

from __future__ import annotations

from uuid import UUID

from pymsi import streamname

from engine.rehearsal.authenticode.publishers import authority, publisher
from engine.rehearsal.authenticode.signing import signed_streams
from engine.rehearsal.media import schema
from engine.rehearsal.media.cabinet import write_cabinet
from engine.rehearsal.media.compound import write_compound
from engine.rehearsal.media.database import Cell, Table, write_tables
from engine.rehearsal.media.spec import Installer, braced
from engine.rehearsal.media.summary import STREAM_NAME, Summary, write_summary

_MSI_CLASS = UUID("000c1084-0000-0000-c000-000000000046")
_CABINET = "payload.cab"
_LOCAL_MACHINE = 2  # Registry.Root
_64_BIT_COMPONENT = 256  # Component.Attributes
_ONLY_DETECT, _MIN_INCLUSIVE = 2, 256  # Upgrade.Attributes
_SEQUENCE = (
    ("FindRelatedProducts", 25),
    ("LaunchConditions", 100),
    ("ValidateProductID", 700),
    ("CostInitialize", 800),
    ("FileCost", 900),
    ("CostFinalize", 1000),
    ("InstallValidate", 1400),
    ("RemoveExistingProducts", 1450),
    ("InstallInitialize", 1500),
    ("ProcessComponents", 1600),
    ("UnpublishFeatures", 1800),
    ("RemoveRegistryValues", 2600),
    ("RemoveFiles", 3500),
    ("InstallFiles", 4000),
    ("WriteRegistryValues", 5000),
    ("RegisterUser", 6000),
    ("RegisterProduct", 6100),
    ("PublishFeatures", 6300),
    ("PublishProduct", 6400),
    ("InstallFinalize", 6600),
)

Tables = dict[Table, list[tuple[Cell, ...]]]


def build_package(product: Installer) -> bytes:
    """A complete package: one feature, one component, the files in an embedded cabinet.

    Older versions of the same UpgradeCode are removed first (a major upgrade); a newer one stops the
    installation, as packages in the field do.
    """
    names = {f"file{number:03d}": name for number, name in enumerate(product.files, 1)}
    cabinet = write_cabinet(
        {key: product.files[name].encode() for key, name in names.items()} if names else {}
    )
    tables: Tables = {
        schema.PROPERTY: _properties(product),
        schema.DIRECTORY: _directories(product),
        schema.COMPONENT: [
            (
                "Main",
                braced(product.identifier("component")),
                "INSTALLDIR",
                _64_BIT_COMPONENT if product.platform == "x64" else 0,
                None,
                next(iter(names), None),
            )
        ],
        schema.FEATURE: [("Complete", None, product.title, None, 1, 1, "INSTALLDIR", 0)],
        schema.FEATURE_COMPONENTS: [("Complete", "Main")],
        schema.FILE: [
            (key, "Main", _file_name(name), len(product.files[name].encode()), None, None, 0, number)
            for number, (key, name) in enumerate(names.items(), 1)
        ],
        schema.MEDIA: [(1, max(len(names), 1), None, f"#{_CABINET}", None, None)],
        schema.REGISTRY: _registry(product),
        schema.UPGRADE: [
            (product.upgrade, "0.0.0", product.version, None, _MIN_INCLUSIVE, None, "OLDERFOUND"),
            (product.upgrade, product.version, None, None, _ONLY_DETECT, None, "NEWERFOUND"),
        ],
        schema.LAUNCH_CONDITION: [
            ("NOT NEWERFOUND", "A newer version of [ProductName] is already installed.")
        ],
        schema.EXECUTE_SEQUENCE: _sequence(product),
    }
    streams = write_tables(tables)
    streams[streamname.encode_unicode(_CABINET)] = cabinet
    streams[STREAM_NAME] = write_summary(
        Summary(product.title, product.publisher, product.platform, product.package)
    )
    if product.signer:
        streams = signed_streams(streams, _MSI_CLASS, publisher(product.signer, authority()))
    return write_compound(streams, _MSI_CLASS)


def _properties(product: Installer) -> list[tuple[Cell, ...]]:
    return [
        ("ProductName", product.title),
        ("ProductVersion", product.version),
        ("ProductCode", product.product),
        ("UpgradeCode", product.upgrade),
        ("Manufacturer", product.publisher),
        ("ProductLanguage", "1033"),
        *([("ALLUSERS", "1")] if product.scope == "machine" else []),
        ("SecureCustomProperties", "NEWERFOUND;OLDERFOUND"),
        ("RehearsalSeconds", str(product.seconds)),
    ]


def _directories(product: Installer) -> list[tuple[Cell, ...]]:
    program_files = "ProgramFiles64Folder" if product.platform == "x64" else "ProgramFilesFolder"
    return [
        ("TARGETDIR", None, "SourceDir"),
        (program_files, "TARGETDIR", "."),
        ("INSTALLDIR", program_files, _file_name(product.folder)),
    ]


def _registry(product: Installer) -> list[tuple[Cell, ...]]:
    key = f"SOFTWARE\\{product.publisher}\\{product.title}"
    return [
        ("Version", _LOCAL_MACHINE, key, "Version", "[ProductVersion]", "Main"),
        ("InstallDir", _LOCAL_MACHINE, key, "InstallDir", "[INSTALLDIR]", "Main"),
    ]


def _sequence(product: Installer) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [(action, None, number) for action, number in _SEQUENCE]
    if product.restart == "needed":
        rows.append(("ScheduleReboot", "NOT Installed", 6650))
    return rows


def _file_name(name: str) -> str:
    """The Filename form `SHORT|long`; a short name is eight plain characters and an extension of three."""
    stem, _, extension = name.rpartition(".") if "." in name else (name, "", "")
    plain = "".join(c for c in stem if c.isalnum()).upper()[:6] or "FILE"
    suffix = "." + "".join(c for c in extension if c.isalnum()).upper()[:3] if extension else ""
    return f"{plain}~1{suffix}|{name}"
