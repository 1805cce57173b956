"""For random desired and random live states of a simulated server: plan, apply, and the plan is empty."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.model.result import Outcome
from tests.e2e.bench import Bench, outcomes, server

HOST = server("random")
ROUNDS = 10  # each plans and applies over the wire several times

_NAMES = st.sampled_from(["One", "Two", "Three"])
_TEXTS = st.sampled_from(["", "a b", "it's", 'say "hi"', "$(x)", "`n"])
_GROUPS = st.sampled_from([r"BCPS\DHS-Staff", r"BCPS\DHS-Students", "Everyone"])


def _quoted(text: str) -> str:
    """A text as a YAML scalar."""
    return "'" + text.replace("'", "''") + "'"


@st.composite
def _share(draw: st.DrawFn, name: str) -> str:
    group = draw(_GROUPS)
    level = draw(st.sampled_from(["full", "change", "read"]))
    return (
        f"  - {{name: {name}, hosts: server, path: 'D:\\Random\\{name}', "
        f"description: {_quoted(draw(_TEXTS))}, access: {{{level}: [{_quoted(group)}]}}, "
        f"caching: {draw(st.sampled_from(['none', 'manual', 'documents']))}}}\n"
    )


@st.composite
def _value(draw: st.DrawFn, name: str) -> str:
    type_, data = draw(
        st.sampled_from(
            [
                ("dword", "1"),
                ("qword", "9007199254740993"),
                ("string", _quoted(draw(_TEXTS))),
                ("multi_string", "[a, b]"),
                ("expand_string", "'%SystemRoot%'"),
            ]
        )
    )
    view = draw(st.sampled_from(["32", "64"]))
    return (
        f"  - {{key: 'HKLM\\SOFTWARE\\Random', name: {name}, type: {type_}, data: {data}, view: '{view}', "
        "hosts: server}\n"
    )


def _file(name: str, text: str) -> str:
    return f"  - {{path: 'C:\\ProgramData\\Random\\{name}.txt', text: {_quoted(text)}, hosts: server}}\n"


@st.composite
def _declared(draw: st.DrawFn) -> str:
    """A few shares, registry values and files."""
    sections = {
        "shares": [draw(_share(name)) for name in sorted(draw(st.sets(_NAMES)))],
        "registry_values": [draw(_value(name)) for name in sorted(draw(st.sets(_NAMES)))],
        "files": [_file(name, draw(_TEXTS)) for name in sorted(draw(st.sets(_NAMES, max_size=2)))],
    }
    return "".join(f"{section}:\n{''.join(items)}" for section, items in sections.items() if items)


_BY_HAND = st.lists(
    st.sampled_from(
        [
            "Remove-SmbShare -Name One -Force",
            "Set-SmbShare -Name Two -Description 'By hand' -Force",
            "Grant-SmbShareAccess -Name Two -AccountName 'BCPS\\l.kim' -AccessRight Full -Force",
            "Set-RollcallRegistryValue -Hive HKLM -Key SOFTWARE\\Random -View 64 -Name One -Type String -Data x",  # noqa: E501 - a command line
            "Remove-RollcallRegistryValue -Hive HKLM -Key 'SOFTWARE\\Random' -View 32 -Name Two",
        ]
    ),
    max_size=3,
    unique=True,
)


# No shrinking: each try takes seconds, and what is left over on the host would make it another state.
@settings(
    max_examples=ROUNDS,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(_declared(), _BY_HAND, _declared())
def test_whatever_is_there_the_second_plan_is_empty(
    bench: Bench, before: str, by_hand: Sequence[str], wanted: str
) -> None:
    bench.declare("random", before)
    bench.apply(bench.plan("random", hosts=(HOST,)))
    for command_line in by_hand:
        bench.try_by_hand(HOST, command_line)
    bench.declare("random", wanted)
    bench.control.reset_counters()

    plan = bench.plan("random", hosts=(HOST,))
    assert bench.counters(HOST)["writes"] == 0
    result = bench.apply(plan)

    assert plan.blocked == ()
    assert set(outcomes(result).values()) <= {Outcome.CHANGED}
    again = bench.plan("random", hosts=(HOST,))
    assert (again.changes, again.blocked) == ((), ())
