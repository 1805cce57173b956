from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest

from engine.rehearsal.windows.powershell.binder import Argument, bind_arguments, bind_input, complete
from engine.rehearsal.windows.powershell.bound import Bound
from engine.rehearsal.windows.powershell.cmdlets.table import CMDLETS
from engine.rehearsal.windows.powershell.errors import StatementFailed
from engine.rehearsal.windows.powershell.records import ErrorRecord, PsEnum, PsObject, PsValue

CASES = json.loads((Path(__file__).parent / "cases" / "binder.json").read_text(encoding="utf-8"))
SHARE = PsObject(("Microsoft.Management.Infrastructure.CimInstance",), {"Name": "Staff", "Path": r"D:\Staff"})


def _value(data: object) -> PsValue:
    return tuple(_value(item) for item in data) if isinstance(data, list) else cast("PsValue", data)


def _plain(value: PsValue) -> object:
    if isinstance(value, PsEnum):
        return {"text": value.text, "value": value.value}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_binding(case: dict[str, object]) -> None:
    signature = CMDLETS[str(case["command"]).casefold()].signature
    arguments: list[Argument] = [
        (n, _value(v)) for n, v in cast("list[tuple[str | None, object]]", case["arguments"])
    ]
    if "error" in case:
        with pytest.raises(StatementFailed) as refused:
            complete(bind_arguments(signature, arguments))
        assert refused.value.record.error_id == case["error"]
        assert case.get("message") in (None, refused.value.record.message)
        assert refused.value.record.terminating
    else:
        bound = complete(bind_arguments(signature, arguments))
        assert {name: _plain(value) for name, value in bound.values.items()} == case["bound"]
        assert bound.parameter_set == case["set"]


def _input(command: str, item: PsValue, *arguments: Argument) -> Bound | ErrorRecord:
    return bind_input(bind_arguments(CMDLETS[command.casefold()].signature, arguments), item)


def test_an_object_binds_by_value_before_its_properties() -> None:
    bound = _input("Remove-SmbShare", SHARE, ("Force", True))
    assert isinstance(bound, Bound)
    assert bound.parameter_set == "InputObject"
    assert bound.objects("InputObject") == (SHARE,)


def test_properties_bind_to_parameters_of_their_name() -> None:
    bound = _input("Get-SmbShare", PsObject(("Any",), {"name": "Staff"}))
    assert isinstance(bound, Bound)
    assert bound.texts("Name") == ("Staff",)


def test_a_text_binds_by_value() -> None:
    bound = _input("Get-Service", "Spooler")
    assert isinstance(bound, Bound)
    assert bound.texts("Name") == ("Spooler",)


def test_what_was_given_is_not_bound_from_the_pipeline() -> None:
    bound = _input("Set-Service", "Spooler", ("StartupType", "Manual"))
    assert isinstance(bound, Bound)
    assert bound.text("Name") == "Spooler"


def test_an_object_that_fits_nowhere_is_an_error_of_its_own() -> None:
    record = _input("Get-Printer", 5)
    assert isinstance(record, ErrorRecord)
    assert record.error_id == "InputObjectNotBound,Get-Printer"
    assert not record.terminating


def test_an_object_that_lacks_what_is_mandatory_is_an_error_of_its_own() -> None:
    record = _input("New-SmbShare", PsObject(("Any",), {"Name": "Staff"}))
    assert isinstance(record, ErrorRecord)
    assert record.error_id == "InputObjectMissingMandatory,New-SmbShare"
    assert "Path" in record.message
