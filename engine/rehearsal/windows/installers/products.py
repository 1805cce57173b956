"""What Windows Installer knows to be installed, and how often each installer ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue, TypeAdapter

from engine.rehearsal.windows import storage
from engine.rehearsal.windows.journal import Journal, Part
from engine.rehearsal.windows.wow64 import View


@dataclass(frozen=True, slots=True)
class WrittenValue:
    key: str  # HKLM\\SOFTWARE\\...
    name: str
    view: View


@dataclass(frozen=True, slots=True)
class InstalledProduct:
    """A product that an MSI package put on the computer, with all that its removal takes away."""

    code: str
    name: str
    version: str
    publisher: str
    upgrade_code: str
    package_code: str
    view: View  # of the registry, in which Programs and Features finds it
    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    values: tuple[WrittenValue, ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    products: tuple[InstalledProduct, ...]
    runs: dict[str, int]


_STATE = TypeAdapter(_State)


class Products:
    """The installer's own database; `runs` counts starts by installer file or product code."""

    def __init__(self, file: Path, journal: Journal, preinstalled: Iterable[InstalledProduct]) -> None:
        self._file = file
        self._journal = journal
        saved = storage.load(file)
        state = _State(tuple(preinstalled), {}) if saved is None else _STATE.validate_python(saved)
        self._installed = {product.code.upper(): product for product in state.products}
        self.runs = Counter(state.runs)

    def find(self, code: str) -> InstalledProduct | None:
        return self._installed.get(code.upper())

    def related(self, upgrade_code: str) -> tuple[InstalledProduct, ...]:
        """All versions that share an UpgradeCode."""
        if not upgrade_code:
            return ()
        return tuple(p for p in self._installed.values() if p.upgrade_code.upper() == upgrade_code.upper())

    def add(self, product: InstalledProduct) -> None:
        self._installed[product.code.upper()] = product
        self._journal.wrote(Part.PRODUCTS)

    def drop(self, code: str) -> None:
        del self._installed[code.upper()]
        self._journal.wrote(Part.PRODUCTS)

    def ran(self, installer: str) -> None:
        """Count a run of an installer by its file name in lower case, or by its product code."""
        self.runs[installer] += 1
        self._journal.wrote(Part.PRODUCTS)

    def save(self) -> None:
        """Write the state to disk if it changed."""
        if Part.PRODUCTS not in self._journal.unsaved:
            return
        value: JsonValue = _STATE.dump_python(
            _State(tuple(self._installed.values()), dict(self.runs)), mode="json"
        )
        storage.save(self._file, value)
        self._journal.saved(Part.PRODUCTS)
