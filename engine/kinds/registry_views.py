r"""One form for each key of the registry: what 32-bit programs see is one key with what it is stored as.

After Microsoft's page "Registry Keys Affected by WOW64", as it applies since Windows 7: HKLM\SOFTWARE is
redirected, some keys below it are shared by both views, and some below HKLM\SOFTWARE\Classes are redirected
again. Every other key that Rollcall manages is the same in both.
"""

from __future__ import annotations

from typing import Literal, NoReturn

from engine.model.words import quoted

View = Literal["64", "32"]

_NODE = "wow6432node"
_SOFTWARE = ("hklm", "software")
_SHARED = tuple(
    tuple(path.split("\\"))
    for path in (
        r"classes",
        r"clients",
        r"microsoft\com3",
        r"microsoft\cryptography\calais\current",
        r"microsoft\cryptography\calais\readers",
        r"microsoft\cryptography\services",
        r"microsoft\ctf\systemshared",
        r"microsoft\ctf\tip",
        r"microsoft\dfs",
        r"microsoft\driver signing",
        r"microsoft\enterprisecertificates",
        r"microsoft\eventsystem",
        r"microsoft\msmq",
        r"microsoft\non-driver signing",
        r"microsoft\notepad\defaultfonts",
        r"microsoft\ole",
        r"microsoft\ras",
        r"microsoft\rpc",
        r"microsoft\shared tools\msinfo",
        r"microsoft\systemcertificates",
        r"microsoft\termservlicensing",
        r"microsoft\transaction server",
        r"microsoft\windows\currentversion\control panel\cursors\schemes",
        r"microsoft\windows\currentversion\explorer\autoplayhandlers",
        r"microsoft\windows\currentversion\explorer\driveicons",
        r"microsoft\windows\currentversion\explorer\kindmap",
        r"microsoft\windows\currentversion\group policy",
        r"microsoft\windows\currentversion\policies",
        r"microsoft\windows\currentversion\previewhandlers",
        r"microsoft\windows\currentversion\setup",
        r"microsoft\windows\currentversion\telephony\locations",
        r"microsoft\windows nt\currentversion\console",
        r"microsoft\windows nt\currentversion\fontdpi",
        r"microsoft\windows nt\currentversion\fontlink",
        r"microsoft\windows nt\currentversion\fontmapper",
        r"microsoft\windows nt\currentversion\fonts",
        r"microsoft\windows nt\currentversion\fontsubstitutes",
        r"microsoft\windows nt\currentversion\gre_initialize",
        r"microsoft\windows nt\currentversion\image file execution options",
        r"microsoft\windows nt\currentversion\languagepack",
        r"microsoft\windows nt\currentversion\networkcards",
        r"microsoft\windows nt\currentversion\perflib",
        r"microsoft\windows nt\currentversion\ports",
        r"microsoft\windows nt\currentversion\print",
        r"microsoft\windows nt\currentversion\profilelist",
        r"microsoft\windows nt\currentversion\time zones",
        r"policies",
        r"registeredapplications",
    )
)
_REDIRECTED_CLASSES = frozenset({"clsid", "directshow", "interface", "media type", "mediafoundation"})


def check_place(key: str, view: View) -> None:
    r"""Refuse a second name of a key, so that two declarations of one value cannot miss each other.

    `key` starts with `HKLM\` or `HKU\`.

    Raises:
        ValueError: the key is another name of one that says what to write.
    """
    parts = key.split("\\")
    folded = tuple(part.lower() for part in parts)
    if folded[:2] == _SOFTWARE and (folded[2:3] == (_NODE,) or folded[2:4] == ("classes", _NODE)):
        _refuse_node(parts, folded, key)
    if folded[:2] == ("hklm", "system") and len(folded) > 2 and folded[2].startswith("controlset"):
        fix = "\\".join((*parts[:2], "CurrentControlSet", *parts[3:]))
        raise ValueError(
            f"which control set is in use differs by host and by start; write {quoted(fix)}: {quoted(key)}"
        )
    if view == "32" and not _is_redirected(folded):
        raise ValueError(
            f"32-bit programs see the same key as those of 64 bits; write no `view`: {quoted(key)}"
        )


def _refuse_node(parts: list[str], folded: tuple[str, ...], key: str) -> NoReturn:
    r"""`SOFTWARE\WOW6432Node\X` is where Windows keeps the view of 32 bits of `SOFTWARE\X`."""
    fix = "\\".join(part for part, name in zip(parts, folded, strict=True) if name != _NODE)
    asked = tuple(name for name in folded if name != _NODE)
    says = f"write {quoted(fix)}" + (" with `view: '32'`" if _is_redirected(asked) else "")
    raise ValueError(f"this is where Windows keeps what 32-bit programs see; {says}: {quoted(key)}")


def _is_redirected(folded: tuple[str, ...]) -> bool:
    """Whether the two views of a key are two keys."""
    if folded[:2] != _SOFTWARE:
        return False
    below = folded[2:]
    if below[:1] == ("classes",):
        return len(below) > 1 and below[1] in _REDIRECTED_CLASSES
    return not any(below[: len(shared)] == shared for shared in _SHARED)
