"""Readers of the small parts of Mermaid and DOT that drawings use. They accept nothing else.

Written after the grammars: https://mermaid.js.org/syntax/flowchart.html, https://graphviz.org/doc/info/lang.html
"""

from __future__ import annotations

import re
from html import unescape

Read = tuple[dict[str, str], list[tuple[str, str]]]  # labels by node, and edges

_NODE = re.compile(r'  (n[0-9]+)\["([^"\n\r]*)"\]')
_EDGE = re.compile(r"  (n[0-9]+) (?:==>|-->|-\.->) (n[0-9]+)")
_OTHER = re.compile(r"  (?:%% .*|classDef (?:absent|forget) [-a-z0-9: ]+|class n[0-9]+(?:,n[0-9]+)* [a-z]+)")
# Within quotes: texts, Mermaid's entities, and the line break that drawings put between their lines.
_LABEL = re.compile(r"(?:#[0-9]+;|<br/>|[^\W_]|[ .,:_/()·-])*")


def read_mermaid(text: str) -> Read:
    """The nodes and edges of a flowchart; an AssertionError where it is none."""
    first, *lines = text.removesuffix("\n").split("\n")
    assert first == "flowchart RL"
    labels: dict[str, str] = {}
    edges: list[tuple[str, str]] = []
    for line in lines:
        if node := _NODE.fullmatch(line):
            assert _LABEL.fullmatch(node[2]), node[2]
            assert node[1] not in labels
            labels[node[1]] = re.sub("#([0-9]+);", lambda found: chr(int(found[1])), node[2])
        elif edge := _EDGE.fullmatch(line):
            assert edge[1] in labels
            assert edge[2] in labels
            edges.append((edge[1], edge[2]))
        else:
            assert _OTHER.fullmatch(line), line
    return labels, edges


_TOKEN = re.compile(r'"((?:[^"\\\n]|\\.)*)"|([A-Za-z_][A-Za-z_0-9]*)|(->|[{}\[\]=;,])|\s+')


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match, text[at : at + 40]
        at = match.end()
        if match[1] is not None:
            found.append(f'"{match[1]}')
        elif match[0].strip():
            found.append(match[0])
    return found


def read_dot(text: str) -> Read:
    """The nodes and edges of a digraph; an AssertionError where it is none."""
    tokens = _tokens(text)
    assert tokens[0] == "digraph"
    assert tokens[1].startswith('"')
    assert (tokens[2], tokens[-1]) == ("{", "}")
    labels: dict[str, str] = {}
    edges: list[tuple[str, str]] = []
    for statement in _statements(tokens[3:-1]):
        name, rest = statement[0], statement[1:]
        if rest[0] == "->":
            assert name in labels
            assert rest[1] in labels
            edges.append((name, rest[1]))
            _attributes(rest[2:])
        elif rest[0] == "[":
            attributes = _attributes(rest)
            if name != "node":
                labels[name] = attributes["label"]
        else:
            assert (name, rest[0]) == ("rankdir", "=")
    return labels, edges


def _statements(tokens: list[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for each in tokens:
        if each == ";":
            found.append([])
        else:
            found[-1].append(each)
    assert found[-1] == []
    return found[:-1]


def _attributes(tokens: list[str]) -> dict[str, str]:
    assert (tokens[0], tokens[-1]) == ("[", "]")
    inner = tokens[1:-1]
    found: dict[str, str] = {}
    for at in range(0, len(inner), 4):
        name, equals, value = inner[at : at + 3]
        assert equals == "="
        assert inner[at + 3 : at + 4] in ([","], [])
        assert value.startswith('"')
        found[name] = _label(value[1:])
    return found


def _label(text: str) -> str:
    """What Graphviz shows: `\\n` is a line break, another escaped character itself; then the entities."""
    return unescape(re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text))
