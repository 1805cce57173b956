"""Well-known principals and their names per display language (MS-DTYP 2.4.2.4, "Well-known SIDs")."""

from __future__ import annotations

EVERYONE = "S-1-1-0"
CREATOR_OWNER = "S-1-3-0"
NETWORK = "S-1-5-2"
AUTHENTICATED_USERS = "S-1-5-11"
THIS_ORGANIZATION = "S-1-5-15"
SYSTEM = "S-1-5-18"
LOCAL_SERVICE = "S-1-5-19"
NETWORK_SERVICE = "S-1-5-20"
NTLM_AUTHENTICATION = "S-1-5-64-10"
ADMINISTRATORS = "S-1-5-32-544"
USERS = "S-1-5-32-545"
GUESTS = "S-1-5-32-546"
MEDIUM_INTEGRITY = "S-1-16-8192"
HIGH_INTEGRITY = "S-1-16-12288"

NT_AUTHORITY = "NT AUTHORITY"
BUILTIN = "BUILTIN"

# (authority, name, SID) of the identities that are no accounts; an authority of "" is shown without one.
IDENTITIES: tuple[tuple[str, str, str], ...] = (
    ("", "NULL SID", "S-1-0-0"),
    ("", "Everyone", EVERYONE),
    ("", "LOCAL", "S-1-2-0"),
    ("", "CONSOLE LOGON", "S-1-2-1"),
    ("", "CREATOR OWNER", CREATOR_OWNER),
    ("", "CREATOR GROUP", "S-1-3-1"),
    ("", "OWNER RIGHTS", "S-1-3-4"),
    (NT_AUTHORITY, "DIALUP", "S-1-5-1"),
    (NT_AUTHORITY, "NETWORK", NETWORK),
    (NT_AUTHORITY, "BATCH", "S-1-5-3"),
    (NT_AUTHORITY, "INTERACTIVE", "S-1-5-4"),
    (NT_AUTHORITY, "SERVICE", "S-1-5-6"),
    (NT_AUTHORITY, "ANONYMOUS LOGON", "S-1-5-7"),
    (NT_AUTHORITY, "ENTERPRISE DOMAIN CONTROLLERS", "S-1-5-9"),
    (NT_AUTHORITY, "SELF", "S-1-5-10"),
    (NT_AUTHORITY, "Authenticated Users", AUTHENTICATED_USERS),
    (NT_AUTHORITY, "RESTRICTED", "S-1-5-12"),
    (NT_AUTHORITY, "TERMINAL SERVER USER", "S-1-5-13"),
    (NT_AUTHORITY, "REMOTE INTERACTIVE LOGON", "S-1-5-14"),
    (NT_AUTHORITY, "This Organization", THIS_ORGANIZATION),
    (NT_AUTHORITY, "IUSR", "S-1-5-17"),
    (NT_AUTHORITY, "SYSTEM", SYSTEM),
    (NT_AUTHORITY, "LOCAL SERVICE", LOCAL_SERVICE),
    (NT_AUTHORITY, "NETWORK SERVICE", NETWORK_SERVICE),
    (NT_AUTHORITY, "NTLM Authentication", NTLM_AUTHENTICATION),
    (NT_AUTHORITY, "Local account", "S-1-5-113"),
    (NT_AUTHORITY, "Local account and member of Administrators group", "S-1-5-114"),
    ("APPLICATION PACKAGE AUTHORITY", "ALL APPLICATION PACKAGES", "S-1-15-2-1"),
    ("APPLICATION PACKAGE AUTHORITY", "ALL RESTRICTED APPLICATION PACKAGES", "S-1-15-2-2"),
    ("Mandatory Label", "Medium Mandatory Level", MEDIUM_INTEGRITY),
    ("Mandatory Label", "High Mandatory Level", HIGH_INTEGRITY),
)

# Names of BUILTIN groups by relative identifier: S-1-5-32-<rid>.
BUILTIN_GROUPS: dict[int, str] = {
    544: "Administrators",
    545: "Users",
    546: "Guests",
    547: "Power Users",
    550: "Print Operators",
    551: "Backup Operators",
    552: "Replicator",
    555: "Remote Desktop Users",
    556: "Network Configuration Operators",
    558: "Performance Monitor Users",
    559: "Performance Log Users",
    562: "Distributed COM Users",
    568: "IIS_IUSRS",
    569: "Cryptographic Operators",
    573: "Event Log Readers",
    574: "Certificate Service DCOM Access",
    578: "Hyper-V Administrators",
    579: "Access Control Assistance Operators",
    580: "Remote Management Users",
    582: "Storage Replica Administrators",
}

# What a German Windows calls them, by SID; authorities by their English name.
_GERMAN_NAMES: dict[str, str] = {
    "S-1-1-0": "Jeder",
    "S-1-2-0": "LOKAL",
    "S-1-2-1": "KONSOLENANMELDUNG",
    "S-1-3-0": "ERSTELLER-BESITZER",
    "S-1-3-1": "ERSTELLERGRUPPE",
    "S-1-3-4": "EIGENTÜMERRECHTE",
    "S-1-5-1": "DIALUP",
    "S-1-5-2": "NETZWERK",
    "S-1-5-3": "BATCH",
    "S-1-5-4": "INTERAKTIV",
    "S-1-5-6": "DIENST",
    "S-1-5-7": "ANONYMOUS-ANMELDUNG",
    "S-1-5-9": "DOMÄNENCONTROLLER DER ORGANISATION",
    "S-1-5-10": "SELBST",
    "S-1-5-11": "Authentifizierte Benutzer",
    "S-1-5-12": "EINGESCHRÄNKTER ZUGRIFF",
    "S-1-5-13": "TERMINALSERVERBENUTZER",
    "S-1-5-14": "INTERAKTIVE REMOTEANMELDUNG",
    "S-1-5-15": "Diese Organisation",
    "S-1-5-19": "LOKALER DIENST",
    "S-1-5-20": "NETZWERKDIENST",
    "S-1-5-64-10": "NTLM-Authentifizierung",
    "S-1-5-113": "Lokales Konto",
    "S-1-5-114": "Lokales Konto und Mitglied der Gruppe Administratoren",
    "S-1-5-32-544": "Administratoren",
    "S-1-5-32-545": "Benutzer",
    "S-1-5-32-546": "Gäste",
    "S-1-5-32-547": "Hauptbenutzer",
    "S-1-5-32-550": "Druck-Operatoren",
    "S-1-5-32-551": "Sicherungs-Operatoren",
    "S-1-5-32-552": "Replikations-Operator",
    "S-1-5-32-555": "Remotedesktopbenutzer",
    "S-1-5-32-556": "Netzwerkkonfigurations-Operatoren",
    "S-1-5-32-558": "Systemmonitorbenutzer",
    "S-1-5-32-559": "Leistungsprotokollbenutzer",
    "S-1-5-32-562": "Distributed COM-Benutzer",
    "S-1-5-32-569": "Kryptografie-Operatoren",
    "S-1-5-32-573": "Ereignisprotokollleser",
    "S-1-5-32-574": "Zertifikatdienst-DCOM-Zugriff",
    "S-1-5-32-578": "Hyper-V-Administratoren",
    "S-1-5-32-579": "Zugriffssteuerungs-Unterstützungsoperatoren",
    "S-1-5-32-580": "Remoteverwaltungsbenutzer",
    "S-1-5-32-582": "Speicherreplikatadministratoren",
}
_GERMAN_AUTHORITIES: dict[str, str] = {
    NT_AUTHORITY: "NT-AUTORITÄT",
    BUILTIN: "VORDEFINIERT",
    "APPLICATION PACKAGE AUTHORITY": "ZERTIFIZIERUNGSSTELLE FÜR ANWENDUNGSPAKETE",
    "Mandatory Label": "Verbindliche Beschriftung",
}


def names(locale: str) -> tuple[tuple[str, str, str], ...]:
    """(authority, name, SID) of every well-known principal, as a Windows of this display language says it."""
    groups = tuple((BUILTIN, name, f"S-1-5-32-{rid}") for rid, name in BUILTIN_GROUPS.items())
    everything = IDENTITIES + groups
    if locale.casefold().partition("-")[0] != "de":
        return everything
    return tuple(
        (_GERMAN_AUTHORITIES.get(authority, authority), _GERMAN_NAMES.get(sid, name), sid)
        for authority, name, sid in everything
    )
