"""Manifests as hurried people lay them out: indentation, quotes, comments and blank lines drawn at random."""

from __future__ import annotations

from hypothesis import strategies as st

_PLAIN = (
    *("no", "on", "y", "08", "6.10", "1e3", "0x1F", "2026-09-01", "true", "~", "null", "-1", ".5", "Staff"),
    *(
        "two words",
        "it's",
        "6.0.848",
        "DHS-L114-03",
        r"BCPS\DHS-Staff",
        "a#b",
        "?x",
        "-x",
        "*.exe".strip("*"),
    ),
)
_BLOCK_PLAIN = (r"D:\Shares\Staff", "1:30", "a, b", "DHS-[01-20]", "x {y}", "http://x.example/a?b=c")
_TEXTS = (
    *(*_PLAIN, *_BLOCK_PLAIN, "", " ", "a: b", "a #b", "#x", "- x", "x:", "'", '"', "'\"", "!x", "&x", "*x"),
    *(
        "%x",
        "@x",
        "`x`",
        "{x",
        "]",
        ",",
        "<<",
        "=",
        "|",
        ">",
        "tab\there",
        "line\nbreak",
        "\u00e9\u00a0\u2028",
    ),
    *(
        "{{ vars.x }}",
        "\\",
        "C:\\",
        "1_000",
        "12:30:45",
        "+1",
        "0o17",
        ".inf",
        "?",
        "? x",
        ": x",
        "---",
        "...",
    ),
)
_REMARKS = ("# r{}r", "#r{}r no space", "# - name: r{}r", "# key: r{}r  ", "#   r{}r", "# 'r{}r")


class _Writer:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.lines: list[str] = []
        self.remarks = 0

    def chance(self, of_ten: int) -> bool:
        return self.draw(st.integers(0, 9)) >= 10 - of_ten

    def pick(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def remark(self) -> str:
        """A comment that no other equals."""
        self.remarks += 1
        return self.pick(*_REMARKS).format(self.remarks)

    def noise(self) -> None:
        """Lines between entries."""
        while self.chance(2):
            deep = " " * self.draw(st.integers(0, 7))
            self.lines.append(deep + self.remark() if self.chance(5) else self.pick("", "   "))

    def beside(self) -> str:
        return self.pick(" ", "  ", "     ") + self.remark() if self.chance(3) else self.pick("", "", " ")

    def key(self, number: int) -> str:
        name = f"{self.pick('name', 'k', 'on', '08', 'a b')}{number}"
        return self.pick(name, name, f"'{name}'", f'"{name}"')

    def scalar(self, *, in_brackets: bool) -> str:
        if self.chance(5):
            return self.pick(*_PLAIN) if in_brackets else self.pick(*_PLAIN, *_BLOCK_PLAIN)
        text = self.pick(*_TEXTS)
        if self.chance(6) and text.isprintable():
            return "'" + text.replace("'", "''") + "'"
        escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\u2028": "\\L", "\u00a0": "\\_"}
        return '"' + "".join(escapes.get(character, character) for character in text) + '"'

    def brackets(self, depth: int, indent: int) -> str:
        """A list or group in brackets; perhaps over several lines, with comments."""

        def space() -> str:
            if not self.chance(1):
                return self.pick("", " ", " ")
            remark = " " + self.remark() if self.chance(3) else ""
            return f"{remark}\n{' ' * (indent + self.draw(st.integers(1, 4)))}"

        is_group = self.chance(5)
        parts = []
        for number in range(self.draw(st.integers(0, 4))):
            value = (
                self.brackets(depth - 1, indent)
                if depth > 0 and self.chance(2)
                else self.scalar(in_brackets=True)
            )
            parts.append(space() + (f"{self.key(number)}: " if is_group else "") + value + space())
        opening, closing = "{}" if is_group else "[]"
        return opening + ",".join(parts) + space() + closing

    def value(self, opening: str, depth: int, indent: int, inner: int, *, in_list: bool) -> None:
        """What follows `key:` or a dash; `inner` is the least indentation of its lines."""
        form = self.draw(st.integers(0, 11))
        if form > 8 and depth > 0:
            self.lines.append(opening + self.beside())
            self.noise()
            self.block(depth - 1, inner, within=None if in_list else indent)
        elif form > 6:
            self.lines.extend(f"{opening} {self.brackets(depth, inner)}{self.beside()}".split("\n"))
        elif form == 5:
            self.block_text(opening, inner)
        elif form == 6:
            self.lines.append(opening + self.beside())
        elif form == 4:
            rest = " " * (inner + 1)
            quote = self.pick("", "'", '"')
            self.lines.append(f"{opening} {quote}one")
            self.lines.extend([""] * self.draw(st.integers(0, 1)))
            self.lines.append(f"{rest}two{quote}{self.beside()}")
        elif form == 3:
            self.lines.append(opening + self.beside())
            self.noise()
            self.lines.append(" " * (inner + 1) + self.scalar(in_brackets=False) + self.beside())
        else:
            self.lines.append(f"{opening} {self.scalar(in_brackets=False)}{self.beside()}")

    def block_text(self, opening: str, inner: int) -> None:
        depth = self.draw(st.integers(1, 4))
        marks = self.pick("", "-", "+")
        self.lines.append(f"{opening} {self.pick('|', '>')}{marks}{self.pick('', '  # beside')}")
        pad = " " * (inner + depth - 1)
        for _ in range(self.draw(st.integers(1, 3))):
            self.lines.append(pad + self.pick("text", "# no comment", "key: value", "- x"))
            self.lines.extend([self.pick("", pad + "  deeper")] * self.draw(st.integers(0, 2)))

    def block(self, depth: int, least: int, *, within: int | None) -> None:
        """A list or group; a list may start in the column `within` of the group that holds it."""
        is_group = self.chance(6)
        indent = least + self.draw(st.integers(0, 3))
        if not is_group and within is not None and self.chance(4):
            indent = within
        for number in range(self.draw(st.integers(1, 3))):
            self.noise()
            pad = " " * indent
            if is_group:
                self.value(f"{pad}{self.key(number)}:", depth, indent, indent + 1, in_list=False)
            elif depth > 0 and self.chance(4):
                self.compact(depth, indent)
            else:
                self.value(f"{pad}-", depth, indent, indent + 1, in_list=True)

    def compact(self, depth: int, indent: int) -> None:
        """A group whose first key stands beside the dash."""
        start = indent + 1 + self.draw(st.integers(1, 3))
        opening = " " * indent + "-" + " " * (start - indent - 1)
        for number in range(self.draw(st.integers(1, 3))):
            if number:
                self.noise()
            here = opening if number == 0 else " " * start
            self.value(f"{here}{self.key(number)}:", depth - 1, start, start + 1, in_list=False)


@st.composite
def messy_documents(draw: st.DrawFn) -> str:
    """A group of up to four entries, nested up to three deep."""
    writer = _Writer(draw)
    for number in range(draw(st.integers(1, 4))):
        writer.noise()
        writer.value(f"{writer.key(number)}:", 2, 0, 1, in_list=False)
    writer.noise()
    return "\n".join(writer.lines) + draw(st.sampled_from(("", "\n", "\n\n")))
