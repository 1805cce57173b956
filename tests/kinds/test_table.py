"""What holds for every kind."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kinds.contract import Difference, Removal
from engine.kinds.table import KINDS, SPECS, SpecError, spec_from_json, spec_to_json
from engine.model.base import State
from engine.model.observation import Absent, Unknown
from engine.model.plan import Action
from engine.model.query import (
    Answer,
    Answers,
    Ask,
    CommandError,
    Content,
    EnumValue,
    Missing,
    PsObject,
    PsValue,
    Query,
    ReadFile,
    Reply,
    Security,
    Unread,
)
from engine.model.security import SecurityDescriptor
from tests.support.kind_samples import Sample, samples

SAMPLES = samples()
NOT_FOUND = (
    "CmdletizationQuery_NotFound_Name",
    "NoServiceFoundForGivenName",
    "NoProcessFoundForGivenName",
)
PROPERTIES = [
    "Name", "Path", "Description", "CachingMode", "FolderEnumerationMode", "EncryptData",
    "ConcurrentUserLimit", "Special", "AccountName", "AccessRight", "AccessControlType", "Mapped",
    "Sid", "Account", "ValueExists", "KeyExists", "Type", "Data", "Status", "StartType", "DriverName",
    "PortName", "Shared", "ShareName", "Found", "KeyName", "View", "DisplayVersion", "WindowsInstaller",
    "Exists", "FileVersion", "PrinterHostAddress", "PortNumber", "SNMPEnabled", "Protocol",
]  # fmt: skip

values: st.SearchStrategy[PsValue] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 10),
    st.sampled_from(
        ["", "True", "0", "String", "DWord", "Full", "Allow", "Manual", "S-1-1-0", "Running", "1.2"]
    ),
    st.builds(EnumValue, st.sampled_from(["Manual", "Full", "Deny"]), st.integers(0, 9)),
    st.just(("a", "b")),
)
objects = st.builds(PsObject, st.just("X"), st.dictionaries(st.sampled_from(PROPERTIES), values))
errors = st.builds(
    CommandError,
    st.sampled_from([*NOT_FOUND, "AccessDenied", "RpcError", ""]),
    st.just("X"),
    st.just("no"),
    st.just(""),
    st.just(""),
)
replies = st.builds(
    lambda output, failed: Reply(tuple(output), tuple(failed)),
    st.lists(st.one_of(objects, values), max_size=2),
    st.lists(errors, max_size=2),
)
descriptor = SecurityDescriptor(owner="S-1-5-18", protected=False, entries=())


@st.composite
def answers_to(draw: st.DrawFn, sample: Sample) -> Answers:
    """Anything that a host might answer, sense or nonsense."""
    found: dict[Query, Answer] = {}
    unread: st.SearchStrategy[Answer] = st.just(Unread("cut"))
    for query in KINDS[sample.kind].observe(sample.spec):
        if isinstance(query, Ask):
            found[query] = draw(st.one_of(replies, unread))
            continue
        content = Content(size=1, sha256="a" * 64, head=b"x")
        security = Security(descriptor=descriptor, is_directory=True)
        there = st.just(content if isinstance(query, ReadFile) else security)
        found[query] = draw(st.one_of(there, st.just(Missing()), unread))
    return {query: answer for query, answer in found.items() if draw(st.integers(0, 9))}


def _is_clear(answer: Answer | None) -> bool:
    """If an answer leaves no doubt: nothing failed but the search for the object."""
    match answer:
        case None | Unread():
            return False
        case Reply(errors=failed):
            return all(error.error_id in NOT_FOUND for error in failed)
        case _:
            return True


def _is_of_what_is_there(query: Query) -> bool:
    """Questions whose answer says nothing of an object that another question says is not there."""
    return isinstance(query, Ask) and query.statement.commands[0].name == "Get-PrintConfiguration"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_absent_only_when_the_host_said_so(sample: Sample, data: st.DataObject) -> None:
    kind = KINDS[sample.kind]
    answers = data.draw(answers_to(sample))
    observed = kind.parse(sample.spec, answers)
    if isinstance(observed, Absent):
        telling = (query for query in kind.observe(sample.spec) if not _is_of_what_is_there(query))
        assert all(_is_clear(answers.get(query)) for query in telling)
    wanted = kind.wanted(sample.spec, answers)
    assert isinstance(wanted, Unknown | dict)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_unanswered_is_unknown(sample: Sample) -> None:
    kind = KINDS[sample.kind]
    assert isinstance(kind.parse(sample.spec, {}), Unknown)
    unread: Answers = {query: Unread("cut") for query in kind.observe(sample.spec)}
    observed = kind.parse(sample.spec, unread)
    assert isinstance(observed, Unknown)
    assert "cut" in observed.reason


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_specs_survive_json(sample: Sample) -> None:
    specs = [sample.spec, *(mutation.spec for mutation in sample.mutations)]
    for spec in (*specs, KINDS[sample.kind].remembered(sample.spec)):
        assert spec_from_json(sample.kind, spec_to_json(spec)) == spec


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_what_is_remembered_is_the_same_resource(sample: Sample) -> None:
    kind = KINDS[sample.kind]
    remembered = kind.remembered(sample.spec)
    assert kind.identity(remembered) == kind.identity(sample.spec)
    assert kind.remembered(remembered) == remembered


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_mutations_are_the_same_resource_declared_otherwise(sample: Sample) -> None:
    kind = KINDS[sample.kind]
    for mutation in sample.mutations:
        assert mutation.spec != sample.spec
        assert kind.identity(mutation.spec) == kind.identity(sample.spec)


@pytest.mark.parametrize("name", KINDS)
def test_a_spec_of_another_kind_is_refused(name: str) -> None:
    foreign = next(sample.spec for sample in SAMPLES if sample.kind != name)
    with pytest.raises(TypeError):
        KINDS[name].identity(foreign)
    with pytest.raises(TypeError):
        KINDS[name].steps(foreign, Difference(Action.DELETE, Absent(), {}, frozenset(), {}))


def test_every_kind_has_a_sample() -> None:
    assert {sample.kind for sample in SAMPLES} == set(KINDS) == set(SPECS)


def test_what_holds_peoples_data_is_never_deleted_for_want_of_a_declaration() -> None:
    assert KINDS["directory"].removal is Removal.FORGET
    file_kind = KINDS["file"]
    file = next(sample.spec for sample in SAMPLES if sample.kind == "file")
    edited: State = {"content": "something else"}
    assert file_kind.keeps(file_kind.remembered(file), edited)


def test_specs_that_are_none() -> None:
    with pytest.raises(SpecError, match="no kind 'sorcery'"):
        spec_from_json("sorcery", {})
    with pytest.raises(SpecError, match=r"path: .*; colour: "):
        spec_from_json("share", {"name": "a", "path": "x", "colour": "red"})


@pytest.mark.parametrize("name", SPECS)
def test_every_field_is_described(name: str) -> None:
    spec = SPECS[name]
    assert spec.__doc__
    for field, info in spec.model_fields.items():
        assert info.description, f"{name}.{field} has no docstring"
