"""The graph of desired resources, as it is drawn and as other programs read it.

This is a public, versioned format: `rollcall graph --format json`. It is in one order whatever was asked
first: the same manifests and the same selection give the same bytes.
"""

from __future__ import annotations

from typing import Literal

from engine.model.base import Frozen

FORMAT_VERSION = "1.0"

How = Literal["needs", "after", "implied"]


class Node(Frozen):
    """A resource, on all hosts of a school on which it is the same and waits for the same."""

    id: str  # within this document: `n1`
    school: str
    hosts: tuple[str, ...]
    kind: str
    name: str
    state: Literal["present", "absent", "forget"]
    protected: bool
    place: str  # file:line:column of the nearest declaration


class Edge(Frozen):
    """One resource waits for another.

    `needs`: it is skipped if the other failed. `implied`: the same, because its kind says so. `after`: order
    only. `count` is the number of resources of hosts that it stands for.
    """

    waits: str  # the id of the node that waits
    waits_for: str
    how: How
    count: int


class Graph(Frozen):
    """Nodes by school, kind, name and hosts; edges by their nodes."""

    format_version: str = FORMAT_VERSION
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
