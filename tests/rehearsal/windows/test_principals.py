from __future__ import annotations

import pytest

from engine.rehearsal.windows.principals import (
    AccountKind,
    Domain,
    Group,
    Principals,
    User,
    service_sid,
)
from tests.support.simulated_windows import ADMINISTRATOR, district_domain


@pytest.fixture
def principals() -> Principals:
    return Principals("DHS-SRV01", district_domain(), local_groups={"Lab Helpers": ("a.rivera",)})


@pytest.mark.parametrize(
    ("asked", "full_name"),
    [
        (r"BCPS\A.Rivera", r"BCPS\a.rivera"),
        (r"bcps.example\a.rivera", r"BCPS\a.rivera"),
        ("a.rivera@bcps.example", r"BCPS\a.rivera"),
        ("A.RIVERA", r"BCPS\a.rivera"),
        ("everyone", "Everyone"),
        (r"builtin\administrators", r"BUILTIN\Administrators"),
        ("Administrators", r"BUILTIN\Administrators"),
        (r"NT AUTHORITY\system", r"NT AUTHORITY\SYSTEM"),
        ("s-1-5-32-545", r"BUILTIN\Users"),
        (r"DHS-SRV01\Administrator", r"DHS-SRV01\Administrator"),
        (r"BCPS\Administrator", r"BCPS\Administrator"),
        ("Domain Users", r"BCPS\Domain Users"),
        (r"NT SERVICE\TrustedInstaller", r"NT SERVICE\TrustedInstaller"),
    ],
)
def test_a_name_is_found_in_every_form_without_case(
    principals: Principals, asked: str, full_name: str
) -> None:
    account = principals.lookup(asked)
    assert account is not None
    assert account.full_name == full_name


@pytest.mark.parametrize(
    "asked",
    ["", "nobody", r"BCPS\nobody", r"OTHER\a.rivera", r"BUILTIN\a.rivera", "S-1-5-21-1-2-3-4", "a\\b\\c"],
)
def test_an_unknown_name_is_not_found(principals: Principals, asked: str) -> None:
    assert principals.lookup(asked) is None


def test_a_bare_name_means_this_computer_before_the_domain(principals: Principals) -> None:
    account = principals.lookup("Administrator")
    assert account is not None
    assert account.authority == "DHS-SRV01"


def test_sids_are_the_same_after_a_restart_and_in_another_order() -> None:
    users = [User("a", "x"), User("b", "x")]
    first = Domain("BCPS", "bcps.example", users)
    second = Domain("BCPS", "bcps.example", users[::-1], [Group("new", ("a",))])
    for name in ("a", "b"):
        before, after = first.find(name), second.find(name)
        assert before is not None
        assert after is not None
        assert before.sid == after.sid


def test_a_service_sid_is_computed_as_windows_does() -> None:
    # The SID of TrustedInstaller is the same on every Windows.
    assert service_sid("TrustedInstaller").endswith("-956008885-3418522649-1831038044-1853292631-2271478464")


def test_german_windows_knows_its_own_names_only() -> None:
    german = Principals("DHS-SRV01", district_domain(), "de-DE")
    administrators = german.lookup(r"VORDEFINIERT\Administratoren")
    assert administrators is not None
    assert administrators.sid == "S-1-5-32-544"
    assert german.name_of("S-1-1-0") == "Jeder"
    assert german.lookup(r"BUILTIN\Administrators") is None
    assert german.lookup("Everyone") is None


def test_a_token_holds_nested_groups_and_who_logs_on_over_the_network(principals: Principals) -> None:
    token = principals.token_for("a.rivera")
    names = {principals.name_of(sid) for sid in token.sids}
    assert {r"BCPS\DHS-Teachers", r"BCPS\DHS-Staff", r"BCPS\Domain Users", r"BUILTIN\Users"} <= names
    assert {"Everyone", r"NT AUTHORITY\Authenticated Users", r"NT AUTHORITY\NETWORK"} <= names
    assert r"DHS-SRV01\Lab Helpers" in names
    assert r"BCPS\DHS-Students" not in names
    assert not token.is_administrator
    assert "SeRestorePrivilege" not in token.privileges


def test_the_managing_account_is_an_administrator(principals: Principals) -> None:
    token = principals.token_for(ADMINISTRATOR)
    assert token.is_administrator
    assert "S-1-5-32-544" in token.sids
    assert "SeRestorePrivilege" in token.privileges


def test_a_local_administrator_is_filtered_over_the_network() -> None:
    principals = Principals(
        "PC1",
        district_domain(),
        local_users=[User("helper", "x")],
        local_groups={"Administrators": (r"PC1\helper",)},
    )
    assert not principals.token_for(r"PC1\helper").is_administrator
    assert principals.token_for(r"PC1\Administrator").is_administrator


def test_a_token_is_for_users_only(principals: Principals) -> None:
    with pytest.raises(KeyError):
        principals.token_for("DHS-Staff")


def test_local_groups_list_their_direct_members(principals: Principals) -> None:
    groups = {group.account.name: group for group in principals.local_groups()}
    members = {member.full_name for member in groups["Administrators"].members}
    assert members == {r"DHS-SRV01\Administrator", r"BCPS\Domain Admins", ADMINISTRATOR}
    assert groups["Administrators"].account.kind is AccountKind.ALIAS


def test_credentials_are_found_and_never_shown(principals: Principals) -> None:
    user = principals.credential("bcps\\a.rivera")
    assert user is not None
    assert user.password == "pw-a.rivera"  # noqa: S105 - made up
    assert user.password not in repr(user)


def test_groups_that_contain_each_other_end(principals: Principals) -> None:
    domain = Domain("X", "x.example", [User("u", "p")], [Group("a", ("b", "u")), Group("b", ("a",))])
    user = domain.find("u")
    assert user is not None
    assert {principals.name_of(sid) for sid in domain.groups_of(user.sid)}
    assert len(domain.groups_of(user.sid)) == 3  # a, b and Domain Users


@pytest.mark.parametrize(
    "groups", [[Group("a", ("nobody",))], [Group("u", ())]], ids=["unknown member", "same name as a user"]
)
def test_a_broken_domain_is_refused(groups: list[Group]) -> None:
    with pytest.raises(ValueError, match="the domain"):
        Domain("X", "x.example", [User("u", "p")], groups)
