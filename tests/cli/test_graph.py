"""`rollcall graph`: a part or all of it, in each format, and never more than can be read."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from engine.cli.main import run
from engine.model.graph import Graph
from tests.report.graph.readers import read_dot, read_mermaid
from tests.support.small_district import write_district

Captured = pytest.CaptureFixture[str]
SERVICES = (
    "services:\n"
    "  - {name: Spooler, state: running, hosts: server, needs: share/Staff}\n"
    "  - {name: W32Time, state: running, hosts: lab, after: server/service/Spooler}\n"
)


@pytest.fixture
def manifests(tmp_path: Path) -> Path:
    return write_district(tmp_path, {"schools/alpha/more.yaml": SERVICES})


def graph(manifests: Path, capsys: Captured, *arguments: str) -> tuple[int, str, str]:
    code = run(("--manifests", str(manifests), "graph", *arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def names(text: str) -> set[str]:
    return {f"{node.kind}/{node.name}" for node in Graph.model_validate_json(text).nodes}


def test_every_format_has_the_same_nodes_and_edges(manifests: Path, capsys: Captured) -> None:
    drawn = {
        form: graph(manifests, capsys, "--format", form)[1] for form in ("json", "mermaid", "dot", "svg")
    }
    document = Graph.model_validate_json(drawn["json"])
    ends = [(edge.waits, edge.waits_for) for edge in document.edges]
    ids = [node.id for node in document.nodes]
    assert len(ends) == 3
    for labels, edges in (read_mermaid(drawn["mermaid"]), read_dot(drawn["dot"])):
        assert (list(labels), edges) == (ids, ends)
    boxes = [e for e in ET.fromstring(drawn["svg"]).iter() if e.get("class") == "box"]  # noqa: S314 - our own
    assert len(boxes) == len(ids)


def test_the_same_bytes_each_time(manifests: Path, capsys: Captured) -> None:
    for form in ("json", "mermaid", "dot", "svg"):
        assert graph(manifests, capsys, "--format", form) == graph(manifests, capsys, "--format", form)


def test_a_part_by_host_and_kind(manifests: Path, capsys: Captured) -> None:
    _, out, _ = graph(manifests, capsys, "--host", "server", "--kind", "share", "--format", "json")
    assert names(out) == {"share/Staff"}


def test_around_a_resource_on_any_computer(manifests: Path, capsys: Captured) -> None:
    around = ("--around", "A-SRV/service/Spooler", "--format", "json")
    assert names(graph(manifests, capsys, *around, "--depth", "1")[1]) == {
        "service/Spooler",
        "share/Staff",
        "service/W32Time",
    }
    assert "directory/D:\\Staff" in names(graph(manifests, capsys, *around)[1])


def test_each_host_on_its_own(manifests: Path, capsys: Captured) -> None:
    def count(*arguments: str) -> int:
        _, out, _ = graph(manifests, capsys, "--kind", "service", "--format", "json", *arguments)
        return len(Graph.model_validate_json(out).nodes)

    assert (count(), count("--hosts")) == (2, 5)


def test_into_a_file(manifests: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "alpha.svg"
    code, said, err = graph(manifests, capsys, "--format", "svg", "--out", str(out))
    assert (code, said) == (0, "")
    assert "3 arrows" in err
    assert out.read_text(encoding="utf-8").startswith("<?xml")


def test_too_much_for_one_picture(tmp_path: Path, capsys: Captured) -> None:
    many = "".join(f"  - {{name: S{number}, path: 'D:\\{number}', hosts: server}}\n" for number in range(320))
    manifests = write_district(tmp_path, {"schools/alpha/more.yaml": f"shares:\n{many}"})
    for form in ("mermaid", "svg"):
        code, out, err = graph(manifests, capsys, "--format", form)
        assert (code, out) == (3, "")
        assert "--around" in err
    assert graph(manifests, capsys, "--format", "json")[0] == 0
    assert graph(manifests, capsys, "--kind", "printer")[0] == 0


def test_a_resource_that_there_is_not(manifests: Path, capsys: Captured) -> None:
    code, _, err = graph(manifests, capsys, "--around", "share/Stuff")
    assert code == 3
    assert "there is no resource 'share/Stuff'" in err
