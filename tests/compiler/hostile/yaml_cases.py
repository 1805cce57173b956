"""YAML that is big where it looks small, deep, or not what it looks like."""

from __future__ import annotations

from tests.compiler.hostile.case import MORE, SCHOOL, Case, refused

_LAUGHS = "\n".join(
    [
        "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]",
        *(f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 10)),
    ]
)

_TAGGED = "\n  - {name: !x Spooler, state: forget, hosts: server}"


def _service(name: str) -> dict[str, str]:
    return {MORE: f"services:\n  - {{name: {name}, start: manual, hosts: lab}}\n"}


def _named(character: str) -> dict[str, str]:
    return {SCHOOL: f"school: alpha\nname: A\nhosts: {{lab: {{name: 'A-{character}SRV'}}}}\n"}


CASES: tuple[Case, ...] = (
    refused("billion-laughs", {MORE: _LAUGHS}, "yaml-limit", "values, aliases resolved"),
    refused(
        "quadratic-aliases",
        {MORE: "a: &a [" + "x, " * 3_000 + "x]\nb: [" + ", ".join(["*a"] * 99) + "]\n"},
        "yaml-limit",
        "values, aliases resolved",
    ),
    refused("many-aliases", {MORE: "a: &a x\nb: [" + "*a , " * 50_000 + "x]\n"}, "yaml-limit", "aliases"),
    refused("alias-of-itself", {MORE: "a: &a [*a]\n"}, "yaml-alias"),
    refused("merge-key-bomb", {MORE: "a: &a {x: 1}\nservices: {<<: *a}\n"}, "yaml-key"),
    refused("huge-value", {MORE: "services: " + "x" * 1_000_000}, "yaml-limit", "1,000,000 characters"),
    refused("huge-block", {MORE: "services: |\n" + "  xxxxxxxx\n" * 20_000}, "yaml-limit"),
    refused("huge-folded-quotes", {MORE: 'services: "' + "x\n " * 60_000 + '"'}, "yaml-limit"),
    refused("huge-key", {MORE: "x" * 100_000 + ": 1\n"}, "yaml-limit"),
    refused("huge-explicit-key", {MORE: "? " + "x" * 100_000 + "\n: 1\n"}, "yaml-limit"),
    refused("huge-file", {MORE: "# " + "x" * 1_100_000}, "file-size"),
    refused("long-comment", {MORE: "# " + "x" * 1_000_000 + "\n"}, "empty-file"),
    refused("many-comments", {MORE: "#\n" * 100_000}, "empty-file"),
    refused("deep-flow", {MORE: "[" * 100_000}, "yaml-limit", "nested more than"),
    refused("deep-braces", {MORE: "{a: " * 50_000}, "yaml-limit", "nested more than"),
    refused("deep-block", {MORE: "- " * 100_000 + "x\n"}, "yaml-limit", "nested more than"),
    refused("deep-keys", {MORE: "? " * 100_000 + "x\n"}, "yaml-limit", "nested more than"),
    refused(
        "deep-indent",
        {MORE: "".join(" " * n + "a:\n" for n in range(1_000))},
        "yaml-limit",
        "nested more than",
    ),
    refused("many-keys", {MORE: "{" + ",".join(f"a{n}" for n in range(120_000)) + "}"}, "yaml-limit"),
    refused("many-items", {MORE: "services: [" + "x," * 200_001 + "]"}, "yaml-limit"),
    refused("many-documents", {MORE: "---\n" * 50_000}, "yaml-documents"),
    Case(
        "many-tags",
        {MORE: f"services:{_TAGGED * 1_000}"},
        frozenset({"yaml-tag", "declared-twice"}),
        "the tag `!x`",
    ),
    refused("python-tag", {MORE: "services: !!python/object/apply:os.system []\n"}, "yaml-tag"),
    refused("binary-tag", _service("!!binary aGVsbG8="), "yaml-tag"),
    refused("unclosed-quote", {MORE: "services: '" + "x " * 100_000}, "yaml-quote"),
    refused("long-word-before-a-mistake", {MORE: "services: [" + "x" * 60_000 + ": {]}"}, "yaml-bracket"),
    refused("unclosed-brackets", {MORE: "services: [" + "[a], " * 20_000}, "yaml-bracket"),
    refused("many-errors", {MORE: "a: ]\n" * 100_000}, "yaml-bracket"),
    refused("directive-of-the-future", {MORE: "%YAML 3.0\n---\nservices: []\n"}, "yaml-syntax"),
    refused("nul-bytes", {MORE: "services: []\n\x00" * 100}, "yaml-character"),
    refused("escape-sequence", {MORE: "services: \x1b]0;title\x07\n"}, "yaml-character"),
    refused("surrogate-escape", {MORE: 'services: "\\ud800"\n'}, "yaml-syntax"),
    refused("right-to-left-override", _service("'Spooler\u202e'"), "yaml-character", "U+202E"),
    refused("right-to-left-in-a-comment", {MORE: "services: []  # \u202e ] x\n"}, "yaml-character"),
    refused("isolated-text", _service("'\u2066Spooler\u2069'"), "yaml-character", "U+2066"),
    refused("zero-width-space", _service("'Spoo\u200bler'"), "yaml-character", "U+200B"),
    refused("word-joiner-in-a-key", {MORE: "serv\u2060ices: []\n"}, "yaml-character", "U+2060"),
    refused("mark-inside", _service("'Spoo\ufeffler'"), "yaml-character", "U+FEFF"),
    refused("tag-characters", _service("'Spooler\U000e0041'"), "yaml-character", "U+E0041"),
    refused("escaped-right-to-left", _service('"Spooler\\u202e"'), "yaml-character", "U+202E"),
    Case("escaped-nul", _service('"Spooler\\0"'), frozenset({"invalid-value", "yaml-character"}), "U+0000"),
    refused("cyrillic-host", _named("\u0410"), "invalid-value", "U+0410"),
    refused("greek-host", _named("\u0391"), "invalid-value", "U+0391"),
    refused("full-width-host", _named("\uff21"), "invalid-value", "U+FF21"),
    refused("arabic-digit-host", _named("\u0661"), "invalid-value", "U+0661"),
    Case("combining-host", _named("A\u0301"), frozenset({"invalid-value", "yaml-character"}), "U+0301"),
    refused("dotless-i-host", _named("\u0131"), "invalid-value", "U+0131"),
    refused(
        "full-width-range",
        {SCHOOL: "school: alpha\nname: A\nhosts: {lab: {range: 'A-[\uff10\uff11-\uff13]'}}\n"},
        "invalid-value",
        "a range looks like",
    ),
    refused("cyrillic-key", {MORE: "s\u0435rvices: []\n"}, "unknown-field", "did you mean `services`?"),
    refused(
        "cyrillic-field",
        {MORE: "services: [{n\u0430me: X, start: manual, hosts: lab}]\n"},
        "missing-field",
        "the service needs `name`",
    ),
)
