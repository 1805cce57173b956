"""Get- and Set-PrintConfiguration: how a queue prints by default."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.rehearsal.windows.powershell.records import PsEnum
from engine.rehearsal.windows.services import Status
from tests.support.simulated_windows import Console, open_host

IPP, TEXT = "Microsoft IPP Class Driver", "Generic / Text Only"


@pytest.fixture
def console(tmp_path: Path) -> Console:
    console = Console(open_host(tmp_path))
    assert console.run("Add-Printer", "L114", IPP, PortName="FILE:").errors == []
    return console


def shown(console: Console) -> tuple[object, object, object]:
    found = console.run("Get-PrintConfiguration", "l114").only()
    duplex, paper = found.prop("DuplexingMode"), found.prop("PaperSize")
    assert isinstance(duplex, PsEnum)
    assert isinstance(paper, PsEnum)
    return duplex.text, found.prop("Color"), paper.text


def test_a_new_queue_prints_as_its_driver_does(console: Console) -> None:
    assert shown(console) == ("OneSided", True, "Letter")


def test_what_is_set_is_shown_and_the_rest_stays(console: Console) -> None:
    set_ = console.run("Set-PrintConfiguration", "L114", DuplexingMode="TwoSidedLongEdge", PaperSize="A4")
    assert set_.errors == []
    assert shown(console) == ("TwoSidedLongEdge", True, "A4")
    assert console.run("Set-PrintConfiguration", "L114", Color=False).errors == []
    assert shown(console) == ("TwoSidedLongEdge", False, "A4")


def test_another_driver_brings_its_own_settings(console: Console) -> None:
    console.run("Add-PrinterDriver", TEXT)
    console.run("Set-PrintConfiguration", "L114", PaperSize="A3", Color=False)
    assert console.run("Set-Printer", "L114", Location="Room 114").errors == []
    assert shown(console) == ("OneSided", False, "A3")
    assert console.run("Set-Printer", "L114", DriverName=TEXT).errors == []
    assert shown(console) == ("OneSided", False, "Letter")


def test_what_the_driver_does_not_have_stays_as_it_was_without_an_error(console: Console) -> None:
    console.run("Add-PrinterDriver", TEXT)
    assert console.run("Set-Printer", "L114", DriverName=TEXT).errors == []
    wanted = console.run(
        "Set-PrintConfiguration", "L114", DuplexingMode="TwoSidedLongEdge", Color=True, PaperSize="A4"
    )
    assert wanted.errors == []
    assert shown(console) == ("OneSided", False, "A4")

    pdf = "Microsoft Print to PDF"
    assert console.run("Set-PrintConfiguration", pdf, PaperSize="Folio").errors == []
    found = console.run("Get-PrintConfiguration", pdf).only().prop("PaperSize")
    assert isinstance(found, PsEnum)
    assert found.text == "Letter"


def test_a_queue_that_is_not_there_is_refused(console: Console) -> None:
    for verb in ("Get", "Set"):
        result = console.run(f"{verb}-PrintConfiguration", "L1*")
        assert result.output == []
        assert result.error_ids == [f"HRESULT 0x80070709,{verb}-PrintConfiguration"]


@pytest.mark.parametrize("given", [{"PaperSize": "A99"}, {"DuplexingMode": "Both"}])
def test_a_word_that_windows_does_not_know_does_not_bind(console: Console, given: dict[str, str]) -> None:
    before = shown(console)
    (error,) = console.run("Set-PrintConfiguration", "L114", **given).error_ids
    assert error.startswith("ParameterArgumentTransformationError,Set-PrintConfiguration")
    assert shown(console) == before


def test_without_rights_or_spooler_nothing_is_set(console: Console) -> None:
    teacher = Console(console.host, "a.rivera")
    assert teacher.run("Set-PrintConfiguration", "L114", Color=False).error_ids == [
        "HRESULT 0x80070005,Set-PrintConfiguration"
    ]
    assert shown(console) == ("OneSided", True, "Letter")
    spooler = console.host.services.get("Spooler")
    assert spooler is not None
    console.run("Stop-Service", "Spooler", Force=None)
    stopped = console.host.services.get("Spooler")
    assert stopped is not None
    assert stopped.status is Status.Stopped
    assert console.run("Get-PrintConfiguration", "L114").error_ids == [
        "HRESULT 0x800706ba,Get-PrintConfiguration"
    ]
