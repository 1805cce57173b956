"""Words of documents that nobody would write: scalars, selectors, references, templates."""

from __future__ import annotations

from random import Random

ODD = (
    *(
        "",
        "~",
        "null",
        "true",
        "no",
        "on",
        "08",
        "0o17",
        "0x1F",
        "1:30",
        "1e3",
        "1e999",
        "-0",
        ".nan",
        ".inf",
    ),
    *(
        "9" * 30,
        "-1",
        "0.1",
        "2026-02-30",
        "=",
        "<<",
        "*",
        "&a",
        "*a",
        "!!str x",
        "!x",
        "%",
        "@",
        "`",
        "|",
        ">",
    ),
    *(
        "- ",
        "? ",
        ": ",
        "#",
        " #5",
        "'",
        '"',
        '"\\x"',
        '"D:\\Shares"',
        "'{{'",
        "{{",
        "}}",
        "{%",
        "{#",
        "[",
        "]",
    ),
    *("{", "}", "\t", "\u00a0", "\u202e", "\u200b", "\ufeff", "\u0130", "\u017f", "\u00df"),
    *(
        "\U0001f600",
        "\u0430",
        "\x00",
        "\x07",
        "\x1b[31m",
        "\x85",
        "\u2028",
        "a" * 300,
        "A-LAB-[01-04]",
        "a/b/c",
    ),
    *(
        "../../../etc/passwd",
        "..\\..\\x",
        "C:\\x",
        "\\\\srv\\share\\x",
        "https://x.example/y",
        "CON",
        "NUL.txt",
    ),
    *(
        "HKLM\\SOFTWARE\\Test",
        "HKXX\\a",
        "{12345678-1234-1234-1234-1234567890AB}",
        "env:X",
        "file:/x",
        "keyring:a/b",
    ),
    *(
        "alpha",
        "server",
        "lab",
        "all",
        "tool",
        "laser",
        "marked",
        "room",
        "high",
        "present",
        "absent",
        "forget",
    ),
)

_NAMES = (
    "server",
    "lab",
    "library",
    "all",
    "A-SRV",
    "A-LAB-01",
    "A-LAB-[01-03]",
    "workstation",
    "quiet",
    "high",
)
_CHAINS = (
    *(
        "host.name",
        "host.room",
        "host.roles",
        "host",
        "vars",
        "vars.helpdesk",
        "school.name",
        "district.domain",
    ),
    *(
        "parameters.queue",
        "parameters.sites",
        "parameters",
        "nobody",
        "host.__class__",
        "host['room']",
        "vars[0]",
    ),
)
_FILTERS = ("upper", "lower", "join(',')", "default('x')", "first", "int", "length", "list", "sort", "tojson")
_BAD_FILTERS = (
    "attr('x')",
    "format(1)",
    "map('upper')",
    "batch(2)",
    "pprint",
    "xmlattr",
    "urlize",
    "center(9999999)",
)
_OPERATORS = ("~", "+", "-", "*", "**", "%", "/", "//", "==", "<", "in", "and", "or", "is")


def odd_text(random: Random) -> str:
    """A scalar as it stands in a file, possibly in quotes."""
    choice = random.randrange(10)
    if choice < 5:
        return random.choice(ODD)
    if choice == 5:
        return f"'{template(random)}'"
    if choice == 6:
        return _quoted(selector(random))
    if choice == 7:
        return _quoted(reference(random))
    if choice == 8:
        return "".join(random.choice(ODD) for _ in range(random.randrange(4)))
    return "".join(chr(_code_point(random)) for _ in range(random.randrange(12)))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _code_point(random: Random) -> int:
    code = random.choice((random.randrange(32, 127), random.randrange(0x500), random.randrange(0x110000)))
    return 0x20 if 0xD800 <= code < 0xE000 else code


def selector(random: Random, depth: int = 0) -> str:
    """Words joined by and, or, not and parentheses, some of them wrongly."""
    if depth > 6 or random.random() < 0.4:
        word = random.choice((*_NAMES, random.choice(ODD)))
        key = random.choice(
            ("", "", "", "host=", "group=", "role=", "schools=", "room=", "model=", "x=", "=")
        )
        return key + word
    left, right = selector(random, depth + 1), selector(random, depth + 1)
    form = random.choice(
        ("{} and {}", "{} or {}", "not {}", "({})", "({} or {}", "{} {}", "{} and not {}", "{})")
    )
    return form.format(left, right)


def reference(random: Random) -> str:
    """A word of `needs` or `after`."""
    kinds = ("share", "software", "service", "printer", "registry_value", "file", "nonsense")
    parts = [
        random.choice((*_NAMES, "")),
        random.choice(kinds),
        random.choice(("tool", "Staff", "Laser", "W/x", "")),
    ]
    return "/".join(parts[random.randrange(3) :])


def template(random: Random) -> str:
    """A text with values in it; some are not allowed, some are no templates."""
    parts = []
    for _ in range(random.randrange(1, 4)):
        form = random.randrange(8)
        if form < 4:
            parts.append("{{ " + _expression(random, 0) + " }}")
        elif form == 4:
            parts.append("{% if " + _expression(random, 0) + " %}a{% else %}b{% endif %}")
        elif form == 5:
            parts.append("{% for x in " + _expression(random, 0) + " %}{{ x }}{% endfor %}")
        elif form == 6:
            parts.append(
                random.choice(("{% set x = 1 %}", "{% include 'x' %}", "{% raw %}{{{% endraw %}", "{# c #}"))
            )
        else:
            parts.append(
                random.choice(("{{", "}}", "{%", "%}", "{% endif %}", "text ", "{{ }}", "{{ -host }}"))
            )
    return "".join(parts)


def _expression(random: Random, depth: int) -> str:
    if depth > 4 or random.random() < 0.4:
        return random.choice(
            (*_CHAINS, "1", "'a'", "[1, 2]", "()", "{}", "none", "true", "9" * 20, "'a' * 9")
        )
    inner = _expression(random, depth + 1)
    form = random.randrange(6)
    if form == 0:
        return f"{inner}|{random.choice((*_FILTERS, *_BAD_FILTERS))}"
    if form == 1:
        return f"{inner}.{random.choice(('name', '__class__', 'items', '_x', 'x'))}"
    if form == 2:
        return f"{inner}[{_expression(random, depth + 1)}]"
    if form == 3:
        return f"({inner})" + random.choice(("", "()", "(1)"))
    if form == 4:
        return f"{inner} if {_expression(random, depth + 1)}" + random.choice((" else 'x'", ""))
    return f"{inner} {random.choice(_OPERATORS)} {_expression(random, depth + 1)}"
