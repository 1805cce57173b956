"""An installer whose signer is declared runs only if the host finds just that signature on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from engine.model.result import Outcome
from engine.rehearsal.media.build import build_installer
from engine.rehearsal.media.spec import Installer
from tests.e2e.bench import Bench, outcomes, workstations

SCHOOL = "signed"
HOST = workstations(SCHOOL)[0]
NAME = "International GeoGebra Institute"
# Product to its file's kind and who really signed it.
OFFERED = {
    "signed-package": ("msi", NAME),
    "signed-program": ("exe", NAME),
    "unsigned-package": ("msi", ""),
    "unsigned-program": ("exe", ""),
    "foreign-package": ("msi", "Somebody Else"),
    "foreign-program": ("exe", "Somebody Else"),
}
_ENTRY = """\
software: {product.id}
title: {product.title}
publisher: Bench
versions:
  - version: '1.0'
    installer: {{type: {kind}, source: media/{product.file}, sha256: {sha256}, signer: {signer}{more}}}
    detection: {detection}
"""


@pytest.fixture(autouse=True)
def offered(bench: Bench) -> Iterator[None]:
    manifests = bench.project.manifests
    (manifests / "catalog/software").mkdir(parents=True, exist_ok=True)
    for id_, (kind, signer) in OFFERED.items():
        product = Installer(
            file=f"{id_}.{kind}",
            id=id_,
            title=id_.title(),
            version="1.0",
            publisher="Bench",
            folder=id_,
            uninstall_key=id_,
            silent="/S",
            seconds=0,
            files={"a.txt": id_},
            signer=signer,
        )
        data = build_installer(product)
        (manifests / "media" / product.file).write_bytes(data)
        entry = _ENTRY.format(
            product=product,
            kind=kind,
            sha256=hashlib.sha256(data).hexdigest(),
            signer=NAME,
            more=", arguments: [/S]" if kind == "exe" else "",
            detection=f"{{upgrade_code: '{product.upgrade}'}}"
            if kind == "msi"
            else f"{{uninstall_entry: {{key: {id_}}}}}",
        )
        (manifests / "catalog/software" / f"{id_}.yaml").write_text(entry)
    yield
    bench.declare(SCHOOL, "")
    for id_ in OFFERED:
        (manifests / "catalog/software" / f"{id_}.yaml").unlink()


def test_only_what_the_declared_signer_signed_is_run(bench: Bench) -> None:
    wanted = "\n".join(f"  - {{name: {id_}, hosts: {HOST}}}" for id_ in OFFERED)
    bench.declare(SCHOOL, f"software:\n{wanted}\n")

    result = bench.apply(bench.plan(SCHOOL))

    assert outcomes(result) == {
        f"software/{id_}": Outcome.CHANGED if id_.startswith("signed") else Outcome.FAILED for id_ in OFFERED
    }
    told = {each.address.name: each.message for each in result.results}
    must = f"Assert-RollcallSigner: The file must be signed by {NAME}, and"
    for kind in ("package", "program"):
        assert told[f"unsigned-{kind}"].startswith(f"{must} its signature is NotSigned: ")
        assert told[f"unsigned-{kind}"].endswith("[RollcallSignerNotValid,Assert-RollcallSigner]")
        assert told[f"foreign-{kind}"] == (
            f"{must} it is signed by Somebody Else. [RollcallSignerOther,Assert-RollcallSigner]"
        )
    # Nothing of the refused ones was run, and no staged file is left.
    again = bench.plan(SCHOOL)
    assert {change.address.name for change in again.changes} == {
        id_ for id_ in OFFERED if not id_.startswith("signed")
    }
    left = bench.by_hand(
        HOST, r"Get-ChildItem -LiteralPath 'C:\Program Files\Rollcall\Staging' -Recurse -File"
    )
    assert left.lines == ()
