"""Accounts as written and as asked for."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from engine.kinds.accounts import AccountName, account_key, account_queries, account_query

CHECK: TypeAdapter[str] = TypeAdapter(AccountName)


@pytest.mark.parametrize(
    "written",
    [
        r"BCPS\DHS-Staff",
        r".\lab",
        "staff@bcps.example",
        "S-1-5-32-544",
        "Everyone",
        "SYSTEM",
        r"BUILTIN\Users",
    ],
)
def test_accepted(written: str) -> None:
    assert CHECK.validate_python(written) == written


@pytest.mark.parametrize(
    "written",
    ["", "staff", "\\staff", "BCPS\\", "a\\b\\c", "@x", "x@", "BCPS\\a*", "BCPS\\a;b", "S-1-", "BCPS\\a\nb"],
)
def test_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        CHECK.validate_python(written)


@pytest.mark.parametrize("written", ["administrators", r"builtin\ADMINISTRATORS", "S-1-5-32-544"])
def test_well_known_accounts_are_asked_for_by_sid(written: str) -> None:
    (command,) = account_query(written).statement.commands
    assert command.parameters == (("Name", "S-1-5-32-544"),)


def test_each_account_is_asked_for_once() -> None:
    assert len(account_queries([r"BCPS\a", "SYSTEM", r"BCPS\a", "S-1-5-18"])) == 2


def test_spellings_of_one_account() -> None:
    assert account_key(r"BCPS\a") == account_key(r"bcps\A")
    assert account_key("SYSTEM") == account_key("S-1-5-18") == account_key(r"nt authority\system")
    assert account_key(r"BCPS\a") != account_key(r"DHS\a")
