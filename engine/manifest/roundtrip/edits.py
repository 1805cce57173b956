"""Changes to a layout: what a command adds or sets, everything around it as it was."""

from __future__ import annotations

from engine.manifest.roundtrip.layout import Collection, Remark


def append(target: Collection, addition: Collection) -> None:
    """Add the items of one list to another, apart from the last one by a blank line where the others are.

    Comments after the last item stay right after it; behind the new one they would seem to be about that.
    """
    spaced = any(not line.text for member in target.members[1:] for line in member.before)
    for member in addition.members:
        gap = [Remark("", 0)] if spaced else []
        member.before = [*target.after, *gap, *member.before]
        target.after = []
        target.members.append(member)


def put(target: Collection, addition: Collection) -> None:
    """Set the fields of one group in another. Those that are there keep their place and their comments."""
    for member in addition.members:
        known = target.get(member.key.text) if member.key is not None else None
        if known is None:
            target.members.append(member)
        else:
            known.value = member.value
