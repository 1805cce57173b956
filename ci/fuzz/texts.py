"""Texts changed without regard to what they say: lines, characters, bytes."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from ci.fuzz.words import ODD, odd_text


def spoiled(text: str, others: Sequence[str], random: Random) -> bytes:
    """The text with one to four changes. Most results are UTF-8."""
    for _ in range(random.randrange(1, 5)):
        text = _changed(text, others, random)
    data = text.encode("utf-8", errors="replace")
    return _bytes_changed(data, random) if random.random() < 0.1 else data


def _changed(text: str, others: Sequence[str], random: Random) -> str:
    form = random.randrange(8)
    if form < 4:
        return _line_changed(text, others, random)
    at = random.randrange(len(text) + 1)
    if form == 4:
        return text[:at] + random.choice(ODD) + text[at:]
    if form == 5:
        return text[:at] + text[at + random.randrange(1, 8) :]
    if form == 6:
        return (
            text[:at]
            + chr(random.choice((9, 10, 13, 32, 34, 35, 39, 58, 91, 93, 123, 125, 0x2028)))
            + text[at:]
        )
    other = random.choice(others)
    return text[:at] + other[random.randrange(len(other) + 1) :]


def _line_changed(text: str, others: Sequence[str], random: Random) -> str:
    lines = text.split("\n")
    at = random.randrange(len(lines))
    form = random.randrange(7)
    if form == 0:
        del lines[at]
    elif form == 1:
        lines.insert(at, lines[random.randrange(len(lines))])
    elif form == 2:
        lines[at] = " " * random.randrange(1, 5) + lines[at]
    elif form == 3:
        lines[at] = lines[at].lstrip()
    elif form == 4:
        head, colon, _ = lines[at].partition(":")
        lines[at] = f"{head}{colon} {odd_text(random)}"
    elif form == 5:
        lines.insert(at, random.choice(random.choice(others).split("\n")))
    else:
        lines[at] *= random.choice((2, 3, 200))
    return "\n".join(lines)


def _bytes_changed(data: bytes, random: Random) -> bytes:
    form = random.randrange(4)
    if form == 0:
        return data.decode("utf-8", errors="replace").encode("utf-16")
    if form == 1:
        return b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")
    at = random.randrange(len(data) + 1)
    return data[:at] + random.randbytes(random.randrange(1, 6)) + data[at + random.randrange(3) :]
