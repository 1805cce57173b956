"""The catalog as `catalog add` and `new` look at it: which entries there are, and what is in each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.kinds.versions import Comparison, Version, parse_version
from engine.manifest.documents.catalog import SoftwareDocument, SoftwareVersion
from engine.manifest.files import walk_yaml
from engine.manifest.roundtrip.rewriting import Source, read_source
from engine.manifest.schema import check

SOFTWARE = "catalog/software"


@dataclass(frozen=True, slots=True)
class Entry:
    """One product of the catalog, and the file that says so."""

    source: Source
    document: SoftwareDocument

    @property
    def identifier(self) -> str:
        return self.document.software

    @property
    def upgrade_codes(self) -> frozenset[str]:
        """Windows Installer's codes by which its versions are detected."""
        codes = (version.detection.upgrade_code for version in self.document.versions)
        return frozenset(code for code in codes if code is not None)

    def version(self, text: str) -> SoftwareVersion | None:
        """The version that the product's own comparison takes for this one."""
        form = self.comparison.form
        return next((each for each in self.document.versions if form(each.version) == form(text)), None)

    @property
    def latest_package(self) -> SoftwareVersion | None:
        """The newest version that is a package; the last in the file where versions are texts."""
        packages = [each for each in self.document.versions if each.installer.type == "msi"]
        if self.comparison.as_text:
            return packages[-1] if packages else None
        return max(packages, key=lambda each: parse_version(each.version) or Version(()), default=None)

    @property
    def comparison(self) -> Comparison:
        """How the product's versions are compared."""
        document = self.document
        return Comparison(parts=document.compared_parts, as_text=document.comparison == "text")


def read_entries(root: Path) -> dict[str, Entry]:
    """The entries that can be read, by the names of their files. Those with mistakes are left out."""
    entries: dict[str, Entry] = {}
    for file in walk_yaml(root, SOFTWARE, []):
        source, _ = read_source(root, file)
        if source is None:
            continue
        document, _ = check(SoftwareDocument, source.node, "the product")
        if document is not None:
            entries[Path(file).stem] = Entry(source, document)
    return entries
