"""Who there is: the domain's and a host's own users and groups, their SIDs, and access tokens.

SIDs are derived from names, so that a host that is started again, or built anew, has the same ones.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from engine.rehearsal.windows import well_known as known

_SID_FORM = re.compile(r"S-1-\d+(-\d+)+", re.IGNORECASE)

# What an elevated administrator's token holds after a network logon.
_ADMINISTRATOR_PRIVILEGES = frozenset(
    {
        "SeBackupPrivilege",
        "SeChangeNotifyPrivilege",
        "SeDebugPrivilege",
        "SeImpersonatePrivilege",
        "SeLoadDriverPrivilege",
        "SeRemoteShutdownPrivilege",
        "SeRestorePrivilege",
        "SeSecurityPrivilege",
        "SeShutdownPrivilege",
        "SeTakeOwnershipPrivilege",
    }
)
_USER_PRIVILEGES = frozenset({"SeChangeNotifyPrivilege"})

# Accounts that every domain and every computer has, by relative identifier.
_DOMAIN_USERS: Mapping[str, int] = MappingProxyType({"Administrator": 500, "Guest": 501, "krbtgt": 502})
_DOMAIN_GROUPS: Mapping[str, int] = MappingProxyType(
    {"Domain Admins": 512, "Domain Users": 513, "Domain Guests": 514, "Domain Computers": 515}
)
_LOCAL_USERS: Mapping[str, int] = MappingProxyType(
    {"Administrator": 500, "Guest": 501, "DefaultAccount": 503, "WDAGUtilityAccount": 504}
)


class AccountKind(StrEnum):
    """SID_NAME_USE, as Windows' LookupAccountName tells them apart."""

    USER = "User"
    GROUP = "Group"  # of the domain
    ALIAS = "Alias"  # a local group
    WELL_KNOWN = "WellKnownGroup"
    DOMAIN = "Domain"


@dataclass(frozen=True, slots=True)
class Account:
    """A principal with its name as Windows writes it."""

    sid: str
    authority: str  # domain or computer name, BUILTIN, NT AUTHORITY; "" for Everyone and the like
    name: str
    kind: AccountKind

    @property
    def full_name(self) -> str:
        """`AUTHORITY\\name`, or the bare name where there is no authority."""
        if not self.name:
            return self.authority
        return f"{self.authority}\\{self.name}" if self.authority else self.name


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Who a logged-on client is. `sids` are the user and everything it is a member of."""

    user_sid: str
    user_name: str  # BCPS\a.rivera
    sids: frozenset[str]
    is_administrator: bool
    privileges: frozenset[str]


@dataclass(frozen=True, slots=True)
class User:
    """A user of the domain, or of one computer."""

    name: str
    password: str = field(repr=False)
    full_name: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the domain; members are users or groups of the same domain, by bare or full name."""

    name: str
    members: tuple[str, ...] = ()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.casefold().encode("utf-8")).digest()


def authority_sid(name: str) -> str:
    """The SID under which a domain or computer of this name gives out its accounts' SIDs."""
    digest = _digest(name)
    parts = (int.from_bytes(digest[at : at + 4], "little") for at in (0, 4, 8))
    return "S-1-5-21-" + "-".join(str(part) for part in parts)


def service_sid(service: str) -> str:
    """The SID of `NT SERVICE\\<service>`: the SHA-1 of its upper-case name in UTF-16 (MS-DTYP 2.4.2.4)."""
    digest = hashlib.sha1(service.upper().encode("utf-16-le"), usedforsecurity=False).digest()
    parts = (int.from_bytes(digest[at : at + 4], "little") for at in range(0, 20, 4))
    return "S-1-5-80-" + "-".join(str(part) for part in parts)


def _relative_ids(names: Iterable[str], taken: Iterable[int]) -> dict[str, int]:
    """A relative identifier for each name, from the name itself, unlike any other."""
    used = set(taken)
    result: dict[str, int] = {}
    for name in sorted(names, key=str.casefold):
        rid = 1100 + int.from_bytes(_digest(name)[:4], "little") % 2**30
        while rid in used:
            rid += 1
        used.add(rid)
        result[name] = rid
    return result


class Domain:
    """The Active Directory domain that all simulated hosts are joined to.

    Raises:
        ValueError: two accounts share a name, or a group names a member that does not exist.
    """

    def __init__(
        self,
        name: str,
        dns: str,
        users: Iterable[User] = (),
        groups: Iterable[Group] = (),
        host_administrators: Iterable[str] = (),
    ) -> None:
        self.name = name
        self.dns = dns
        self.sid = authority_sid(dns)
        self._users = {user.name.casefold(): user for user in users}
        self.accounts = self._number(self._users.values(), groups := tuple(groups))
        self._parents = self._memberships(groups)
        # Who is in BUILTIN\Administrators on every host, besides Domain Admins.
        self.host_administrators = tuple(self._required(name).sid for name in host_administrators)

    def _number(self, users: Iterable[User], groups: Iterable[Group]) -> Mapping[str, Account]:
        user_names = {user.name: AccountKind.USER for user in users}
        group_names = {group.name: AccountKind.GROUP for group in groups}
        fixed = {name.casefold(): rid for name, rid in {**_DOMAIN_USERS, **_DOMAIN_GROUPS}.items()}
        kinds = dict.fromkeys(_DOMAIN_USERS, AccountKind.USER)
        kinds |= dict.fromkeys(_DOMAIN_GROUPS, AccountKind.GROUP)
        both = {name.casefold() for name in user_names} & {name.casefold() for name in group_names}
        if both:
            raise ValueError(f"the domain {self.name} has both a user and a group named {min(both)!r}")
        free = [name for name in (*user_names, *group_names) if name.casefold() not in fixed]
        rids = _relative_ids(free, fixed.values())
        accounts: dict[str, Account] = {}
        for name, kind in {**kinds, **user_names, **group_names}.items():
            rid = rids.get(name) or fixed[name.casefold()]
            account = Account(f"{self.sid}-{rid}", self.name, name, kind)
            accounts.setdefault(name.casefold(), account)
        return accounts

    def _memberships(self, groups: Iterable[Group]) -> Mapping[str, frozenset[str]]:
        parents: dict[str, set[str]] = {}
        for group in groups:
            parent = self.accounts[group.name.casefold()].sid
            for member in group.members:
                parents.setdefault(self._required(member).sid, set()).add(parent)
        everybody = f"{self.sid}-513"
        for account in self.accounts.values():
            if account.kind is AccountKind.USER and account.sid != f"{self.sid}-501":
                parents.setdefault(account.sid, set()).add(everybody)
        parents.setdefault(f"{self.sid}-500", set()).add(f"{self.sid}-512")
        return {sid: frozenset(above) for sid, above in parents.items()}

    def _required(self, name: str) -> Account:
        account = self.find(name)
        if account is None:
            raise ValueError(f"the domain {self.name} has no account {name!r}")
        return account

    def find(self, name: str) -> Account | None:
        """An account of the domain by `name`, `DOMAIN\\name` or `name@dns`; None where there is none."""
        authority, slash, bare = name.rpartition("\\")
        if slash and authority.casefold() not in (self.name.casefold(), self.dns.casefold()):
            return None
        user, at, dns = bare.partition("@")
        if at and not slash:
            return self.accounts.get(user.casefold()) if dns.casefold() == self.dns.casefold() else None
        return self.accounts.get(bare.casefold())

    def user(self, name: str) -> User | None:
        """The user, with password, by any form of its name; None for built-in accounts and groups."""
        account = self.find(name)
        return None if account is None else self._users.get(account.name.casefold())

    def groups_of(self, sid: str) -> frozenset[str]:
        """SIDs of all groups that the account is in, however deeply nested."""
        found: set[str] = set()
        waiting = [sid]
        while waiting:
            above = self._parents.get(waiting.pop(), frozenset()) - found
            found |= above
            waiting.extend(above)
        return frozenset(found)

    def __iter__(self) -> Iterator[User]:
        return iter(self._users.values())


@dataclass(frozen=True, slots=True)
class LocalGroup:
    """A local group and its direct members."""

    account: Account
    members: tuple[Account, ...]


class Principals:
    """Everybody whom one host knows by name."""

    def __init__(
        self,
        host_name: str,
        domain: Domain,
        locale: str = "en-US",
        local_users: Iterable[User] = (),
        local_groups: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """`local_groups` adds members to built-in groups, or further groups, by name.

        Raises:
            ValueError: a member of a local group does not exist.
        """
        self.host_name = host_name
        self.domain = domain
        self.computer_sid = authority_sid(f"computer {host_name}")
        self._local_users = {user.name.casefold(): user for user in local_users}
        self._well_known = {
            sid: Account(
                sid,
                authority,
                name,
                AccountKind.ALIAS if sid.startswith("S-1-5-32-") else AccountKind.WELL_KNOWN,
            )
            for authority, name, sid in known.names(locale)
        }
        additions = dict(local_groups or {})
        built_in = {account.name.casefold() for account in self._well_known.values()}
        own_groups = [name for name in additions if name.casefold() not in built_in]
        self._local = self._number_local(own_groups)
        self._by_sid = self._index()
        self._members = self._memberships(additions)

    def _number_local(self, groups: Iterable[str]) -> Mapping[str, Account]:
        kinds = dict.fromkeys(_LOCAL_USERS, AccountKind.USER)
        kinds |= {user.name: AccountKind.USER for user in self._local_users.values()}
        kinds |= dict.fromkeys(groups, AccountKind.ALIAS)
        rids = _relative_ids([name for name in kinds if name not in _LOCAL_USERS], _LOCAL_USERS.values())
        rids |= _LOCAL_USERS
        return {
            name.casefold(): Account(f"{self.computer_sid}-{rids[name]}", self.host_name, name, kind)
            for name, kind in kinds.items()
        }

    def _index(self) -> Mapping[str, Account]:
        domains = (
            Account(self.domain.sid, self.domain.name, "", AccountKind.DOMAIN),
            Account(self.computer_sid, self.host_name, "", AccountKind.DOMAIN),
            Account("S-1-5-32", self._well_known[known.ADMINISTRATORS].authority, "", AccountKind.DOMAIN),
        )
        everybody = (*domains, *self.domain.accounts.values(), *self._local.values())
        return {account.sid: account for account in everybody} | self._well_known

    def _memberships(self, additions: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
        members: dict[str, list[str]] = {
            known.ADMINISTRATORS: [
                f"{self.computer_sid}-500",
                f"{self.domain.sid}-512",
                *self.domain.host_administrators,
            ],
            known.USERS: ["S-1-5-4", known.AUTHENTICATED_USERS, f"{self.domain.sid}-513"],
            known.GUESTS: [f"{self.computer_sid}-501"],
            "S-1-5-32-568": ["S-1-5-17"],
        }
        for name, added in additions.items():
            group = self._required(name)
            members.setdefault(group.sid, []).extend(self._required(member).sid for member in added)
        return {sid: tuple(dict.fromkeys(found)) for sid, found in members.items()}

    def _required(self, name: str) -> Account:
        account = self.lookup(name)
        if account is None:
            raise ValueError(f"{self.host_name} knows no account {name!r}")
        return account

    def lookup(self, name: str) -> Account | None:
        """The account of a name or SID string, without case; None where Windows would map nothing.

        A bare name means, in this order, a well-known principal, an account of this computer, one of the
        domain (Microsoft's documentation of LookupAccountName).
        """
        text = name.strip()
        if _SID_FORM.fullmatch(text):
            return self._by_sid.get(text.upper())
        authority, slash, bare = text.rpartition("\\")
        if not slash:
            return self._lookup_bare(bare.casefold()) or self.domain.find(bare)
        if authority.casefold() == "nt service":
            return Account(service_sid(bare), "NT SERVICE", bare, AccountKind.WELL_KNOWN)
        if authority.casefold() == self.host_name.casefold():
            return self._local.get(bare.casefold())
        return self._lookup_well_known(authority.casefold(), bare.casefold()) or self.domain.find(text)

    def _lookup_bare(self, name: str) -> Account | None:
        if not name:
            return None
        found = next((a for a in self._well_known.values() if a.name.casefold() == name), None)
        if found is None and name in (self.host_name.casefold(), self.domain.name.casefold()):
            own = name == self.host_name.casefold()
            return self._by_sid[self.computer_sid if own else self.domain.sid]
        return found or self._local.get(name)

    def _lookup_well_known(self, authority: str, name: str) -> Account | None:
        return next(
            (
                account
                for account in self._well_known.values()
                if account.authority.casefold() == authority and account.name.casefold() == name
            ),
            None,
        )

    def name_of(self, sid: str) -> str:
        """`DOMAIN\\name` of a SID, or the SID itself where it is unknown, as Windows shows it."""
        account = self._by_sid.get(sid.upper())
        return sid if account is None else account.full_name

    def local_groups(self) -> tuple[LocalGroup, ...]:
        """The host's local groups by name, each with its direct members."""
        aliases = (a for a in self._by_sid.values() if a.kind is AccountKind.ALIAS)
        return tuple(
            LocalGroup(alias, tuple(self._by_sid[sid] for sid in self._members.get(alias.sid, ())))
            for alias in sorted(aliases, key=lambda a: a.name.casefold())
        )

    def local_users(self) -> tuple[Account, ...]:
        """The users of this computer itself, by name."""
        users = (a for a in self._local.values() if a.kind is AccountKind.USER)
        return tuple(sorted(users, key=lambda a: a.name.casefold()))

    def credential(self, name: str) -> User | None:
        """The user who may log on by this name, with the password; None where there is none."""
        account = self.lookup(name)
        if account is None:
            return None
        if account.authority == self.host_name:
            return self._local_users.get(account.name.casefold())
        return self.domain.user(account.full_name)

    def token_for(self, user: str) -> AccessToken:
        """The token that a network logon of this user gets.

        A local administrator other than the built-in one gets a filtered token over the network
        (Microsoft's documentation of LocalAccountTokenFilterPolicy).

        Raises:
            KeyError: there is no such user.
        """
        account = self.lookup(user)
        if account is None or account.kind is not AccountKind.USER:
            raise KeyError(user)
        sids = {account.sid, known.EVERYONE, known.NETWORK, known.AUTHENTICATED_USERS}
        sids |= {known.THIS_ORGANIZATION, known.NTLM_AUTHENTICATION}
        sids |= self.domain.groups_of(account.sid)
        sids |= {group for group, members in self._members.items() if not sids.isdisjoint(members)}
        if account.sid.startswith(self.computer_sid) and not account.sid.endswith("-500"):
            sids.discard(known.ADMINISTRATORS)
        administrator = known.ADMINISTRATORS in sids
        sids.add(known.HIGH_INTEGRITY if administrator else known.MEDIUM_INTEGRITY)
        privileges = _ADMINISTRATOR_PRIVILEGES if administrator else _USER_PRIVILEGES
        return AccessToken(account.sid, account.full_name, frozenset(sids), administrator, privileges)
