"""Common to all tests: where Samba is required, a test that wants it and skips has failed."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest


def _is_wanted(mentions: str, marked: bool) -> bool:
    names = ("samba", "smbd", "smbclient")
    return marked or any(name in mentions.casefold() for name in names)


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport, marked: bool) -> None:
    """Turn a skip for want of Samba into a failure where `ROLLCALL_REQUIRE_SAMBA` is set."""
    if not os.environ.get("ROLLCALL_REQUIRE_SAMBA") or report.outcome != "skipped":
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if _is_wanted(reason, marked):
        report.outcome = "failed"
        report.longrepr = f"ROLLCALL_REQUIRE_SAMBA is set, yet this was skipped: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail"):
        _refuse_skip(report, item.get_closest_marker("samba") is not None)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report, marked=False)
    return report
