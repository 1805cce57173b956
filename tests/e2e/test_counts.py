"""How much a host is asked: the same for few and for many resources, and two requests a change."""

from __future__ import annotations

from engine.model.plan import Plan
from engine.model.result import Outcome
from tests.e2e.bench import Bench, outcomes, server, workstations

FEW, MANY = workstations("counted")[:2]


def _values(host: str, count: int) -> str:
    return "".join(
        f"  - {{key: 'HKLM\\SOFTWARE\\Counted', name: Value{n}, type: dword, data: {n}, hosts: {host}}}\n"
        for n in range(count)
    )


def _declare(bench: Bench, few: int, many: int) -> None:
    bench.declare("counted", "registry_values:\n" + _values(FEW, few) + _values(MANY, many))


def _plan(bench: Bench) -> Plan:
    bench.control.reset_counters()
    return bench.plan("counted", hosts=(FEW, MANY))


def test_reading_asks_as_much_for_5_as_for_500_resources_and_writes_nothing(bench: Bench) -> None:
    _declare(bench, 5, 500)

    plan = _plan(bench)

    few, many = bench.counters(FEW), bench.counters(MANY)
    assert len(plan.changes) == 505
    assert few["http_requests"] == many["http_requests"]
    assert few["logons"] == many["logons"]
    for counted in (few, many):
        assert (counted["writes"], counted["process_starts"]) == (0, 0)


def test_applying_takes_two_requests_a_change_beside_a_constant(bench: Bench) -> None:
    _declare(bench, 5, 30)
    plan = _plan(bench)
    bench.control.reset_counters()

    result = bench.apply(plan)

    assert set(outcomes(result).values()) == {Outcome.CHANGED}
    few, many = (bench.counters(host)["http_requests"] for host in (FEW, MANY))
    assert many - few == 2 * (30 - 5)
    assert few - 2 * 5 <= 12  # a session's own requests, and the first precondition


def test_files_and_folders_cost_no_more(bench: Bench) -> None:
    host = server("counted")
    declared = "".join(f"  - {{path: 'D:\\Counted\\{n}', hosts: {host}}}\n" for n in range(6))
    shares = "".join(f"  - {{name: Counted{n}, path: 'D:\\Counted\\{n}', hosts: {host}}}\n" for n in range(6))
    bench.declare("counted", f"directories:\n{declared}shares:\n{shares}")
    plan = bench.plan("counted", hosts=(host,))
    bench.control.reset_counters()

    result = bench.apply(plan)

    assert set(outcomes(result).values()) == {Outcome.CHANGED}
    assert bench.counters(host)["http_requests"] <= 2 * len(plan.changes) + 12
