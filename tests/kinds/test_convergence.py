"""From any state to any other in one go: what is declared comes about, what is not declared stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kinds.directory import DirectorySpec, Permission, Permissions
from engine.kinds.rights import AppliesTo, Right
from engine.kinds.service import ServiceSpec
from engine.kinds.share import ShareAccess, ShareSpec
from engine.model.observation import Present
from engine.model.resource import Spec
from tests.support.inprocess import InProcess
from tests.support.kind_resource import Resource
from tests.support.simulated_windows import open_host

FOLDERS = (r"D:\Random\One", r"D:\Random\Two")
few = settings(max_examples=25, deadline=None)
accounts = st.sampled_from(
    [r"BCPS\DHS-Staff", r"BCPS\DHS-Students", r"BCPS\b.chen", "Everyone", r"BUILTIN\Administrators"]
)
optional_flags = st.one_of(st.none(), st.booleans())


@st.composite
def accesses(draw: st.DrawFn) -> ShareAccess:
    granted = draw(st.dictionaries(accounts, st.sampled_from(["full", "change", "read"]), min_size=1))
    denied = draw(st.lists(accounts, unique=True, max_size=2))
    lists = {
        right: tuple(a for a, r in granted.items() if r == right) for right in ("full", "change", "read")
    }
    return ShareAccess.model_validate({**lists, "deny": denied})


shares = st.builds(
    ShareSpec,
    name=st.just("Random"),
    path=st.sampled_from(FOLDERS),
    description=st.one_of(st.none(), st.sampled_from(["", "Documents", 'It\'s 50% "$(full)" `n'])),
    access=st.one_of(st.none(), accesses()),
    caching=st.sampled_from([None, "manual", "documents", "programs", "branchcache", "none"]),
    access_based_enumeration=optional_flags,
    encrypt=optional_flags,
    user_limit=st.one_of(st.none(), st.integers(0, 1000)),
)
entries = st.one_of(
    st.builds(
        Permission,
        account=accounts,
        rights=st.lists(
            st.sampled_from([right for right in get_args(Right) if right != "list"]), min_size=1, max_size=3
        ).map(tuple),
        type=st.sampled_from(["allow", "deny"]),
        applies_to=st.sampled_from([None, *get_args(AppliesTo)]),
    ),
    st.builds(Permission, account=accounts, rights=st.just(("list",))),
)
directories = st.builds(
    DirectorySpec,
    path=st.just(FOLDERS[0]),
    permissions=st.one_of(
        st.none(),
        st.builds(
            Permissions,
            owner=st.one_of(st.none(), accounts),
            inherit=optional_flags,
            entries=st.lists(entries, min_size=1, max_size=4).map(tuple),
            exclusive=st.booleans(),
        ),
    ),
)
services = st.sampled_from(
    [
        ServiceSpec(name="Spooler", start=start, state=state)
        for start in ("automatic", "delayed", "manual", "disabled")
        for state in ("running", "stopped", None)
        if (start, state) != ("disabled", "running")
    ]
)


@contextmanager
def session() -> Iterator[InProcess]:
    with TemporaryDirectory() as folder:
        host = open_host(Path(folder))
        for path in FOLDERS:
            host.files.make_directory(path)
        yield InProcess(host)
        host.close()


def _walk(session: InProcess, kind: str, specs: list[Spec]) -> None:
    """Converge to each in turn; each is then as declared, and what it does not declare is as before."""
    for spec in specs:
        before = Resource(session, kind, spec)
        found, wanted = before.observed(), before.wanted()
        before.converge()
        after = Resource(session, kind, spec)
        assert after.differing() == frozenset()
        observed = after.observed()
        assert isinstance(observed, Present)
        if isinstance(found, Present):
            assert observed.state == {**found.state, **wanted}


@few
@given(st.lists(shares, min_size=2, max_size=3))
def test_shares(specs: list[Spec]) -> None:
    with session() as host:
        _walk(host, "share", specs)


@few
@given(st.lists(directories, min_size=2, max_size=3))
def test_directories(specs: list[Spec]) -> None:
    with session() as host:
        _walk(host, "directory", specs)


@few
@given(st.lists(services, min_size=2, max_size=4))
def test_services(specs: list[Spec]) -> None:
    with session() as host:
        _walk(host, "service", specs)
