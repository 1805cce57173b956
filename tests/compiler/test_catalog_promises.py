"""For random catalogs: a contradiction is told, and without one each host gets all it needs, in order."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kinds.software import SoftwareSpec
from engine.model.resource import Resource
from tests.compiler.test_catalog import product
from tests.support.small_district import intent, problems, write_district

NAMES = tuple("abcdef")
RULES = {"catalog-cycle", "superseded", "needs-absent", "derived-twice", "invalid-value"}
few = st.lists(st.sampled_from(NAMES), max_size=2, unique=True)
catalogs = st.fixed_dictionaries({name: st.tuples(few, few) for name in NAMES})
Catalog = Mapping[str, tuple[list[str], list[str]]]


def _files(catalog: Catalog, declared: list[str]) -> dict[str, str]:
    entries = "".join(f"  - {{name: {name}, hosts: lab}}\n" for name in declared)
    return {
        **{
            f"catalog/software/{name}.yaml": product(
                name, f"requires: [{', '.join(requires)}]\nsupersedes: [{', '.join(supersedes)}]\n"
            )
            for name, (requires, supersedes) in catalog.items()
        },
        "schools/alpha/resources.yaml": f"software:\n{entries}",
    }


@settings(deadline=None, max_examples=80)
@given(catalogs, st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
def test_all_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, declared: list[str]
) -> None:
    manifests = write_district(tmp_path_factory.mktemp("catalog"), _files(catalog, declared))
    told = problems(manifests)
    assert {line.rpartition("[")[2].rstrip("]") for line in told} <= RULES
    assert told == problems(manifests)
    if not told:
        found = [each for each in intent(manifests).resources if each.address.host == "A-LAB-01"]
        _all_is_there_in_order([each for each in found if each.address.kind == "software"], declared)


def _all_is_there_in_order(found: list[Resource], declared: list[str]) -> None:
    place = {each.address.name: number for number, each in enumerate(found)}
    absent = {each.address.name for each in found if each.absent}
    assert set(declared) <= set(place) - absent
    for each in found:
        spec = each.spec
        assert isinstance(spec, SoftwareSpec)
        if each.absent:
            continue
        for other in (*spec.requires, *spec.supersedes):
            assert place[other] < place[each.address.name]
            assert (other in absent) == (other in spec.supersedes)
