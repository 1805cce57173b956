"""What a host's ledger says: the resources that Rollcall owns there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from engine.model.address import Address
from engine.model.base import Frozen, State

# Address to entry; the addresses compare without case, as everywhere.
Ledger = Mapping[Address, "LedgerEntry"]


class LedgerEntry(Frozen):
    """One owned resource, as it was when it was last applied."""

    address: Address
    spec: dict[str, JsonValue]  # the kind's spec: enough to find and remove it when it is no longer declared
    digest: str  # of the wanted state, by `digest_of`
    revision: str  # of the manifests
    run: str
    applied: datetime  # UTC
    protected: bool = False


def digest_of(wanted: State) -> str:
    """SHA-256, in hex, of a state in canonical form; the order of its fields does not matter."""
    text = json.dumps(to_jsonable_python(wanted), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
