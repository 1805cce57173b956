from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rehearsal.windows.journal import Counters, Journal
from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.windows.shares import (
    CHANGE,
    FULL,
    READ,
    CachingMode,
    NameTaken,
    NoSuchShare,
    Share,
    ShareEntry,
    Shares,
    blocked,
    granted,
    without,
)

ALICE, STAFF, EVERYONE = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1002", "S-1-1-0"


def token(*sids: str) -> AccessToken:
    return AccessToken(sids[0], "X\\x", frozenset(sids), False, frozenset())


@pytest.mark.parametrize(
    ("entries", "mask"),
    [
        ((), 0),
        ((ShareEntry(EVERYONE, "allow", READ),), READ),
        ((ShareEntry(EVERYONE, "allow", READ), ShareEntry(STAFF, "allow", CHANGE)), CHANGE),
        ((ShareEntry(STAFF, "deny", FULL), ShareEntry(EVERYONE, "allow", FULL)), 0),
        ((ShareEntry("S-1-5-21-1-2-3-9", "deny", FULL), ShareEntry(EVERYONE, "allow", READ)), READ),
        ((ShareEntry(STAFF, "deny", CHANGE), ShareEntry(EVERYONE, "allow", FULL)), FULL & ~CHANGE),
    ],
)
def test_what_a_share_allows(entries: tuple[ShareEntry, ...], mask: int) -> None:
    share = Share("Staff", r"D:\Staff", entries)
    assert share.allowed_access(token(ALICE, STAFF, EVERYONE)) == mask


entry = st.builds(
    ShareEntry,
    st.sampled_from([ALICE, STAFF, EVERYONE]),
    st.sampled_from(["allow", "deny"]),
    st.sampled_from([FULL, CHANGE, READ]),
)
lists = st.lists(entry, max_size=6).map(tuple)


@given(lists)
def test_a_blocked_account_gets_nothing_whatever_it_was_granted(entries: tuple[ShareEntry, ...]) -> None:
    share = Share("s", "D:\\", blocked(granted(entries, ALICE, FULL), ALICE))
    assert share.allowed_access(token(ALICE, STAFF, EVERYONE)) == 0


@given(lists)
def test_without_entries_an_account_gets_what_its_groups_get(entries: tuple[ShareEntry, ...]) -> None:
    rest = without(without(entries, ALICE, "allow"), ALICE, "deny")
    as_alice = Share("s", "D:\\", rest).allowed_access(token(ALICE, STAFF, EVERYONE))
    assert as_alice == Share("s", "D:\\", rest).allowed_access(token("S-1-5-21-9", STAFF, EVERYONE))


@given(lists, st.sampled_from([FULL, CHANGE, READ]))
def test_granting_adds_rights_and_makes_one_entry_of_an_account(
    entries: tuple[ShareEntry, ...], mask: int
) -> None:
    after = granted(entries, ALICE, mask)
    mine = [each for each in after if (each.sid, each.type) == (ALICE, "allow")]
    assert len(mine) == 1
    before = [each.mask for each in entries if (each.sid, each.type) == (ALICE, "allow")]
    assert all(mine[0].mask & each == each for each in (*before, mask))
    assert granted(after, ALICE, mask) == after


@pytest.fixture
def shares() -> Shares:
    return Shares(Journal(Counters()), ["C", "D"])


def test_windows_offers_its_own_shares(shares: Shares) -> None:
    assert [share.name for share in shares.all()] == ["ADMIN$", "C$", "D$", "IPC$"]
    drive = shares.get("d$")
    assert drive is not None
    assert drive.path == "D:\\"
    assert drive.special
    assert drive.allowed_access(token("S-1-5-32-544")) == FULL
    assert drive.allowed_access(token(ALICE, EVERYONE)) == 0


def test_a_name_is_taken_without_case(shares: Shares) -> None:
    shares.add(Share("Staff", r"D:\Staff", ()))
    with pytest.raises(NameTaken):
        shares.add(Share("STAFF", r"D:\Other", ()))
    with pytest.raises(NoSuchShare):
        shares.remove("Other")


def test_an_update_that_changes_nothing_is_no_write() -> None:
    journal = Journal(Counters())
    shares = Shares(journal, ["C"])
    share = Share("Staff", r"D:\Staff", (ShareEntry(STAFF, "allow", CHANGE),), caching=CachingMode.None_)
    shares.add(share)
    shares.update(share)
    assert journal.counters.writes == 1


def test_what_is_saved_is_read_back(shares: Shares) -> None:
    shares.add(Share("Staff", r"D:\Staff", (ShareEntry(STAFF, "deny", FULL),), "für alle", encrypt=True))
    again = Shares(Journal(Counters()), [])
    again.from_json(shares.to_json())
    assert again.all() == shares.all()
