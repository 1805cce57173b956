"""What an action leaves behind, in words: a removal sounds like more than it is."""

from __future__ import annotations

from engine.model.plan import Action

_OF_DELETING = {
    "share": "unshared; the folder and its files stay",
    "directory": "removed only if it is empty",
}


def consequence(action: Action, kind: str) -> str:
    """What becomes of the object; empty where the action's name says it all."""
    if action is Action.FORGET:
        return "no longer managed; it stays as it is"
    return _OF_DELETING.get(kind, "") if action is Action.DELETE else ""
