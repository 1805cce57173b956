"""The pages of the reference, by path below docs/reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ci.reference.examples import document_example, entry_example
from ci.reference.language import language_page
from ci.reference.tables import tables
from ci.reference.words import cell, heading, joined
from engine.compiler.language.documents import common_fields, document_types, section_entries
from engine.compiler.language.types import DocumentType, SectionEntry
from engine.kinds.contract import Removal
from engine.kinds.table import KINDS
from engine.model.rules import RULES

_GENERATED = "<!-- Written by `python -m ci.reference` from the models. Change those, not this page. -->"


def pages() -> Mapping[str, str]:
    """Every page's text."""
    documents, sections = document_types(), section_entries()
    drawn = {"README.md": _index(documents, sections), "rules.md": _rules()}
    drawn["language.md"] = language_page()
    drawn["resources/common.md"] = _common()
    for document in documents:
        drawn[f"documents/{document.name}.md"] = _document(document)
    for entry in sections:
        drawn[f"resources/{entry.section}.md"] = _section(entry)
    return {name: "\n".join([_GENERATED, "", *lines]) + "\n" for name, lines in drawn.items()}


def _index(documents: Sequence[DocumentType], sections: Sequence[SectionEntry]) -> list[str]:
    return [
        "# Reference",
        "",
        "Everything that may be written in a manifest. How to begin, [the manual](../manifests.md) tells.",
        "",
        "| document | file | what it is |",
        "|---|---|---|",
        *(_document_row(document) for document in documents),
        "",
        "| section | told apart by | what it holds |",
        "|---|---|---|",
        *(_section_row(entry) for entry in sections),
        "",
        "The fields that all resources have are in [common fields](resources/common.md); what each mistake",
        "means is in [rules](rules.md); words of selectors and templates, and how big things may be, are in",
        "[selectors, templates and limits](language.md).",
    ]


def _document_row(document: DocumentType) -> str:
    name = f"[{document.title.lower()}](documents/{document.name}.md)"
    return f"| {name} | `{document.files}` | {cell(_first(document.group.description))} |"


def _section_row(entry: SectionEntry) -> str:
    parts = joined_and([f"`{name}`" for name in entry.identified_by])
    name = f"[`{entry.section}`](resources/{entry.section}.md)"
    return f"| {name} | {parts} | {cell(_first(entry.description))} |"


def joined_and(parts: Sequence[str]) -> str:
    return joined(parts).replace(" or ", " and ")


def _first(text: str) -> str:
    """The first paragraph."""
    return text.split("\n\n")[0]


def _document(document: DocumentType) -> list[str]:
    more = []
    if document.group.holds_resources:
        more = ["Sections of [resources](../resources/common.md) may stand beside these fields.", ""]
    return [
        f"# {document.title}",
        "",
        f"The file `{document.files}`.",
        "",
        document.group.description,
        "",
        *more,
        *tables(document.group.fields, document.group.exactly_one),
        "",
        "## Example",
        "",
        *_code(document_example(document)),
    ]


_REMOVED = {
    Removal.DELETE: "it is removed from the host.",
    Removal.FORGET: "it stays on the host and is no longer managed.",
}


def _section(entry: SectionEntry) -> list[str]:
    parts = joined_and([f"`{name}`" for name in entry.identified_by])
    removal = _REMOVED[KINDS[entry.kind].removal]
    return [
        f"# {heading(entry.section)}",
        "",
        entry.description,
        "",
        f"- Section: `{entry.section}`. In `needs` and `after`: `{entry.kind}/NAME`.",
        f"- Declarations of one {parts} are one resource, which nearer layers refine field by field. Groups",
        "  of fields are merged; everything else is replaced, but for the lists that say otherwise.",
        f"- When it is no longer declared, {removal}",
        "- Beside these fields there are [those of all resources](common.md).",
        "",
        *tables(entry.fields, entry.exactly_one),
        "",
        "## Example",
        "",
        *_code(entry_example(entry, hosts="server")),
    ]


def _common() -> list[str]:
    return [
        "# Common fields",
        "",
        "Every entry of every section has these fields beside its own.",
        "",
        *tables(common_fields()),
        "",
        "`hosts` is required everywhere but in profiles. `needs` and `after` of all layers add up.",
        "",
        "A template (`{{ }}`) may stand for any value of an entry's own fields, but not in `hosts`, `state`,",
        "`protect` and `final`. A field that is set to `~` takes back what a farther layer says.",
    ]


def _rules() -> list[str]:
    return [
        "# Rules",
        "",
        "The last word of a finding, in square brackets, is the rule that was broken. Its name stays.",
        "",
        "| rule | what it means | what to do |",
        "|---|---|---|",
        *(
            f"| `{name}` | {cell(rule.meaning)}. | {cell(rule.help)} |"
            for name, rule in sorted(RULES.items())
        ),
    ]


def _code(text: str) -> Iterator[str]:
    yield "```yaml"
    yield from text.splitlines()
    yield "```"
