"""Did you mean: the near miss of a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

_CANDIDATES = 2_000  # of a longer list only the first are compared: a suggestion is not worth seconds


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean `x`?`, or nothing where no known word is near."""
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word closest to `word` without regard to case, or None."""
    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.casefold(), candidate)
        if len(folded) >= _CANDIDATES:
            break
    key = word.casefold()[:100]
    near = key if key in folded else _near(key, tuple(folded))
    return None if near is None else folded[near]


@lru_cache(maxsize=64)  # the same slip is often made in many places
def _near(key: str, known: tuple[str, ...]) -> str | None:
    close = get_close_matches(key, known, n=3, cutoff=0.6)
    swapped = [name for name in close if sorted(name) == sorted(key)]  # `strat` is `start`, not `state`
    if close:
        return (swapped or close)[0]
    starts = [name for name in known if len(key) >= 3 and (name.startswith(key) or key.startswith(name))]
    return max(starts, key=lambda name: SequenceMatcher(None, key, name).ratio(), default=None)


def one_of(known: Iterable[str], limit: int = 8) -> str:
    """A list for people: `a`, `b` or `c`."""
    names = [f"`{name}`" for name in known]
    if len(names) > limit:
        names = [*names[:limit], f"{len(names) - limit} more"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"
