"""Entries of the catalog that get a version, or another file for one; the rest stays as it was."""

from __future__ import annotations

from engine.app.authoring import texts
from engine.app.authoring.catalog import Entry
from engine.app.authoring.writing import Draft, changed_draft
from engine.app.errors import NotWritten
from engine.manifest.documents.catalog import SoftwareDocument, SoftwareVersion
from engine.manifest.nodes import MappingNode, Node, SequenceNode
from engine.manifest.packages.msi import MsiPackage
from engine.manifest.roundtrip.edits import append, put
from engine.manifest.roundtrip.layout import Collection
from engine.manifest.roundtrip.reading import NoLayout, read_layout
from engine.manifest.yaml import parse_yaml


def extended(entry: Entry, package: MsiPackage, source: str, *, all_users: bool) -> Draft:
    """The entry with one more version, at the end, detected as the newest package in it is.

    Arguments, timeout and exit codes of that one are taken over: they rarely change between versions. The
    newest is the one with the highest version; of products whose versions are texts, the last in the file.
    """
    like = entry.latest_package
    by_product = like is not None and like.detection.product_code is not None
    text = "versions:\n" + texts.msi_version(
        package, source, all_users=all_users, by_product=by_product, like=like
    )
    layout = _layout(entry)
    items = _list(layout, entry)
    append(items, _list(read_layout(text), entry))
    known, new = _nodes(entry.source.node), _nodes(_parsed(text))
    meant = _group(entry.source.node).having(
        "versions", SequenceNode((*known.items, *new.items), known.origin)
    )
    return changed_draft(entry.source, layout, meant, SoftwareDocument, "the product")


def replaced(entry: Entry, known: SoftwareVersion, package: MsiPackage, source: str) -> Draft:
    """The entry with another file for a version that it has.

    Raises:
        NotWritten: the version is no package, or another signer signed the new file.
    """
    if known.installer.type != "msi":
        raise NotWritten(
            f"{entry.identifier} {known.version} is no package in the catalog: change it by hand"
        )
    if known.installer.signer is not None and known.installer.signer != package.signer:
        found = "nobody" if package.signer is None else repr(package.signer)
        raise NotWritten(
            f"{entry.identifier} {known.version} must be signed by {known.installer.signer!r}, and this file"
            f" is signed by {found}; if that is right, change `signer` by hand first"
        )
    number = entry.document.versions.index(known)
    layout = _layout(entry)
    version = _list(layout, entry).members[number].value
    nodes = _nodes(entry.source.node)
    changed: Node = nodes.items[number]
    for field, text in _new_fields(known, package, source):
        changed = _group(changed).having(
            field, _set(_group(_group(changed).entries[field].value), _group(_parsed(text)))
        )
        target = version.get(field) if isinstance(version, Collection) else None
        if target is None or not isinstance(target.value, Collection):
            raise NotWritten(f"`{field}` of {entry.identifier} is an alias: change it by hand")
        put(target.value, read_layout(text))
    items = (*nodes.items[:number], changed, *nodes.items[number + 1 :])
    meant = _group(entry.source.node).having("versions", SequenceNode(items, nodes.origin))
    return changed_draft(entry.source, layout, meant, SoftwareDocument, "the product")


def _new_fields(known: SoftwareVersion, package: MsiPackage, source: str) -> list[tuple[str, str]]:
    installer = texts.fields(
        0,
        texts.text_field("source", source),
        texts.Field("size", str(package.size)),
        texts.Field("sha256", package.sha256),
    )
    if known.detection.product_code is None:
        return [("installer", installer)]
    code = texts.fields(0, texts.text_field("product_code", package.product_code))
    return [("installer", installer), ("detection", code)]


def _set(group: MappingNode, new: MappingNode) -> MappingNode:
    for key, entry in new.entries.items():
        group = group.having(key, entry.value)
    return group


def _layout(entry: Entry) -> Collection:
    try:
        return read_layout(entry.source.text)
    except NoLayout as why:
        raise NotWritten(f"{entry.source.file} cannot be changed here: {why}; change it by hand") from None


def _list(layout: Collection, entry: Entry) -> Collection:
    member = layout.get("versions")
    if member is None or not isinstance(member.value, Collection):
        raise NotWritten(f"`versions` in {entry.source.file} is an alias: change it by hand")
    return member.value


def _parsed(text: str) -> Node:
    node, findings = parse_yaml(text, "")
    if node is None:
        raise NotWritten(f"the new text cannot be read: {findings[0].message}")
    return node


def _group(node: Node) -> MappingNode:
    if not isinstance(node, MappingNode):
        raise NotWritten("a group of fields is expected in the entry")
    return node


def _nodes(node: Node) -> SequenceNode:
    versions = _group(node).get("versions")
    if not isinstance(versions, SequenceNode):
        raise NotWritten("`versions` is expected to be a list")
    return versions
