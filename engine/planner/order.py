"""A stable order: each item after what it waits for, otherwise as given."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

from engine.model.address import Address


class WaitingInCircle(Exception):
    """These items wait for each other, or for items that do."""

    def __init__(self, members: Sequence[Address]) -> None:
        super().__init__(", ".join(members))
        self.members = tuple(members)


def stable_order(
    addresses: Sequence[Address], waits_for: Mapping[Address, Sequence[Address]]
) -> tuple[Address, ...]:
    """Sort `addresses` so that each comes after those it waits for; ties keep the given order.

    Only edges between the given addresses count.

    Raises:
        WaitingInCircle: there is no such order.
    """
    place = {address: index for index, address in enumerate(addresses)}
    open_edges = {a: {w for w in waits_for.get(a, ()) if w in place} for a in addresses}
    waiting_for: dict[Address, list[Address]] = {address: [] for address in addresses}
    for address, edges in open_edges.items():
        for edge in edges:
            waiting_for[edge].append(address)
    ready = [place[address] for address, edges in open_edges.items() if not edges]
    heapq.heapify(ready)
    ordered: list[Address] = []
    while ready:
        address = addresses[heapq.heappop(ready)]
        ordered.append(address)
        for follower in waiting_for[address]:
            open_edges[follower].discard(address)
            if not open_edges[follower]:
                heapq.heappush(ready, place[follower])
    if len(ordered) < len(place):
        raise WaitingInCircle(sorted(set(place) - set(ordered)))
    return tuple(ordered)
