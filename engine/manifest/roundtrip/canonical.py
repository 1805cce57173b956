"""A layout in the one canonical form.

Two spaces for each level, lists one level deeper than their group; quotes only where they are needed; at most
one blank line in a row; comments beside values two spaces after them, and under each other where they were.
Lists and groups in brackets stay in brackets while they fit on a line and hold no comments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.manifest.roundtrip.forms import form, is_on_lines
from engine.manifest.roundtrip.layout import Collection, Member, Remark, Scalar, remarks

WIDTH = 120  # columns: the longest line of a list or group in brackets
_STEP = 2


@dataclass(frozen=True, slots=True)
class _Line:
    """A line and the comment beside it. A `gap` is a blank line that only separates."""

    text: str
    beside: Remark | None = None
    gap: bool = False


def canonical(root: Collection) -> str:
    """The text of a document, with a newline at its end."""
    lines = _without_needless_gaps(_block(root, 0))
    return "".join(f"{line}\n" for line in _with_comments(lines))


def _block(collection: Collection, indent: int) -> list[_Line]:
    lines: list[_Line] = []
    for number, member in enumerate(collection.members):
        before = _drawn([*member.before, *_raised(member, indent)], indent)
        lines.extend(_without_first_gaps(before) if number == 0 else before)
        lines.extend(_member(member, indent))
    lines.extend(_drawn(collection.after, indent))
    return lines


def _raised(member: Member, indent: int) -> list[Remark]:
    """Comments within an entry that are written above it: there is no line for them in it."""
    value = member.value
    if isinstance(value, Scalar):
        return []
    if not value.members:
        return [line for line in value.after if line.text]
    if member.key is not None or _fits(member, value, indent) or value.anchor is not None:
        return []
    first = value.members[0]
    beside = [member.beside] if member.beside is not None else []
    return [*beside, *(line for line in (*first.before, *_raised(first, indent + _STEP)) if line.text)]


def _member(member: Member, indent: int) -> list[_Line]:
    value = member.value
    pad = " " * indent
    opening = pad + ("-" if member.key is None else _key(member.key, in_brackets=False))
    if isinstance(value, Scalar):
        return _scalar(opening, value, member.beside, indent + _STEP)
    if _fits(member, value, indent):
        return [_Line(f"{opening} {_in_brackets(value)}", member.beside)]
    if value.anchor is not None:
        opening = f"{opening} &{value.anchor}"
    elif member.key is None:
        return _compact(value, indent)
    return [_Line(opening, member.beside), *_block(value, indent + _STEP)]


def _compact(value: Collection, indent: int) -> list[_Line]:
    """An entry of a list whose first field or item stands on the line of the dash."""
    first = value.members[0]
    rest = replace(value, members=[replace(first, before=[]), *value.members[1:]])
    inner = _block(rest, indent + _STEP)
    start = next(number for number, line in enumerate(inner) if not _is_remark(line))
    dash = replace(inner[start], text=" " * indent + "- " + inner[start].text[indent + _STEP :])
    return [dash, *inner[start + 1 :]]


def _scalar(opening: str, value: Scalar, beside: Remark | None, indent: int) -> list[_Line]:
    pad = " " * indent
    if value.style == "block":
        return _block_text(opening, value, beside, pad)
    if is_on_lines(value):
        first, *others = (line.strip() for line in value.source.split("\n"))
        anchor = f"&{value.anchor} " if value.anchor is not None else ""
        texts = [f"{opening} {anchor}{first}", *(f"{pad}{line}" if line else "" for line in others)]
        return [*(_Line(text) for text in texts[:-1]), _Line(texts[-1], beside)]
    text = form(value, in_brackets=False)
    line = _Line(f"{opening} {text}" if text else opening, beside)
    return [line, *_without_first_gaps(_drawn(value.below, indent))]


def _block_text(opening: str, value: Scalar, beside: Remark | None, pad: str) -> list[_Line]:
    anchor = f"&{value.anchor} " if value.anchor is not None else ""
    first = next((line for line in value.body if line.strip(" ")), "")
    depth = str(_STEP) if first.startswith(" ") else ""
    header = f"{opening} {anchor}{value.source[0]}{depth}{value.source[1:]}"
    return [_Line(header, beside), *(_Line(f"{pad}{line}" if line else "") for line in value.body)]


def _key(key: Scalar, *, in_brackets: bool) -> str:
    return form(key, in_brackets=in_brackets) + (" :" if key.style == "alias" else ":")


def _fits(member: Member, value: Collection, indent: int) -> bool:
    """Whether a list or group stays in brackets."""
    if not value.members:
        return True
    if not value.in_brackets or remarks(value):
        return False
    mark = 1 if member.key is None else len(_key(member.key, in_brackets=False))
    return indent + mark + 1 + len(_in_brackets(value)) <= WIDTH


def _in_brackets(collection: Collection) -> str:
    opening, closing = "{}" if collection.is_group else "[]"
    parts = ", ".join(_part(member) for member in collection.members)
    anchor = f"&{collection.anchor} " if collection.anchor is not None else ""
    return f"{anchor}{opening}{parts}{closing}"


def _part(member: Member) -> str:
    value = member.value
    text = form(value, in_brackets=True) if isinstance(value, Scalar) else _in_brackets(value)
    if member.key is None:
        return text
    return f"{_key(member.key, in_brackets=True)} {text}" if text else form(member.key, in_brackets=True)


def _drawn(lines: Iterable[Remark], indent: int) -> list[_Line]:
    return [_Line(" " * indent + line.text) if line.text else _Line("", gap=True) for line in lines]


def _is_remark(line: _Line) -> bool:
    return line.gap or line.text.lstrip().startswith("#")


def _without_first_gaps(lines: list[_Line]) -> list[_Line]:
    start = next((number for number, line in enumerate(lines) if not line.gap), len(lines))
    return lines[start:]


def _without_needless_gaps(lines: list[_Line]) -> list[_Line]:
    kept: list[_Line] = []
    for line in lines:
        if not (line.gap and (not kept or kept[-1].gap)):
            kept.append(line)
    while kept and kept[-1].gap:
        kept.pop()
    return kept


def _with_comments(lines: list[_Line]) -> list[str]:
    """The lines with their comments; those that stood under each other do so again."""
    drawn: list[str] = []
    run: list[_Line] = []
    for line in [*lines, _Line("")]:
        if run and (
            line.beside is None or run[-1].beside is None or line.beside.column != run[-1].beside.column
        ):
            drawn.extend(_aligned(run))
            run = []
        run.append(line)
    return drawn


def _aligned(run: list[_Line]) -> list[str]:
    width = max(len(line.text) for line in run)
    return [line.text if line.beside is None else f"{line.text:<{width}}  {line.beside.text}" for line in run]
