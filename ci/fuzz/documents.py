"""One document for each number: the same number and seed always give the same one."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from ci.fuzz.seeds import TARGETS, TEMPLATE, Seed, field_names, seeds
from ci.fuzz.texts import spoiled
from ci.fuzz.trees import Pairs, Shape, changed, from_node, grown, written
from ci.fuzz.words import template
from engine.manifest.yaml import parse_yaml


class Document(NamedTuple):
    """What is put in the place of one file of the small district."""

    target: str
    data: bytes


class Documents:
    """Makes documents. `seed` starts another series."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._seeds = seeds()
        self._names = field_names()
        self._trees = tuple(_trees(self._seeds))

    def make(self, number: int) -> Document:
        random = Random(f"{self._seed}/{number}")  # noqa: S311  nothing is kept secret by it
        form = random.randrange(10)
        if form == 0:
            return self._grown(random)
        if form < 6:
            target, shape = random.choice(self._trees)
            for _ in range(random.randrange(1, 5)):
                shape = changed(shape, random, self._names)
            return Document(target, written(shape, random).encode("utf-8", errors="replace"))
        if form == 6:
            return Document(TEMPLATE, template(random).encode("utf-8", errors="replace"))
        seed = random.choice(self._seeds)
        others = [random.choice(self._seeds).text for _ in range(3)]
        return Document(seed.target, spoiled(seed.text, others, random))

    def _grown(self, random: Random) -> Document:
        shape: Shape = Pairs(
            (random.choice(self._names), grown(random, self._names, 1)) for _ in range(random.randrange(8))
        )
        return Document(random.choice(TARGETS), written(shape, random).encode("utf-8", errors="replace"))


def _trees(texts: Sequence[Seed]) -> list[tuple[str, Shape]]:
    found = []
    for seed in texts:
        node, _ = (None, ()) if seed.target == TEMPLATE else parse_yaml(seed.text, seed.target)
        if node is not None:
            found.append((seed.target, from_node(node)))
    return found
