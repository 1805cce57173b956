"""How much a host is asked: the same for few and for many resources, and two requests a change."""

from __future__ import annotations

from collections import Counter

from engine.model.plan import Plan
from engine.model.result import Outcome
from tests.e2e.bench import Bench, outcomes, server, workstations

FEW, MANY = workstations("counted")[:2]


# Every Windows Server has them.
SERVICES = (
    *("ALG", "AppIDSvc", "Appinfo", "AppMgmt", "AudioEndpointBuilder", "Audiosrv", "BFE", "BITS"),
    *(
        "BrokerInfrastructure",
        "CertPropSvc",
        "CryptSvc",
        "DcomLaunch",
        "Dhcp",
        "DiagTrack",
        "Dnscache",
        "DPS",
    ),
    *("EventLog", "EventSystem", "FontCache", "gpsvc", "IKEEXT", "iphlpsvc", "KeyIso", "LanmanServer"),
    *(
        "LanmanWorkstation",
        "lfsvc",
        "lmhosts",
        "LSM",
        "MapsBroker",
        "mpssvc",
        "MSDTC",
        "MSiSCSI",
        "msiserver",
    ),
    *("Netlogon", "Netman", "netprofm", "NlaSvc", "nsi", "PcaSvc", "PlugPlay", "Power", "ProfSvc", "RasMan"),
    *("RemoteAccess", "RemoteRegistry", "RpcEptMapper", "RpcSs", "RSoPProv", "sacsvr", "SamSs", "Schedule"),
    *("seclogon", "SENS", "SessionEnv", "SharedAccess", "ShellHWDetection", "smphost", "SNMPTRAP", "Spooler"),
    *("sppsvc", "srmSvc", "SSDPSRV", "SstpSvc", "StorSvc", "SysMain", "SystemEventsBroker", "TermService"),
    *("Themes", "TrkWks", "TrustedInstaller", "UmRdpService", "upnphost", "UserManager", "UsoSvc", "VSS"),
    *("W32Time", "Wcmsvc", "WdiServiceHost", "WdiSystemHost", "Wecsvc"),
)


def _values(host: str, count: int) -> str:
    return "".join(
        f"  - {{key: 'HKLM\\SOFTWARE\\Counted', name: Value{n}, type: dword, data: {n}, hosts: {host}}}\n"
        for n in range(count)
    )


def _declare(bench: Bench, few: int, many: int) -> None:
    bench.declare("counted", "registry_values:\n" + _values(FEW, few) + _values(MANY, many))


def _plan(bench: Bench) -> Plan:
    bench.control.reset_counters()
    return bench.plan("counted", hosts=(FEW, MANY))


def test_reading_asks_as_much_for_5_as_for_500_resources_and_writes_nothing(bench: Bench) -> None:
    _declare(bench, 5, 500)

    plan = _plan(bench)

    few, many = bench.counters(FEW), bench.counters(MANY)
    assert len(plan.changes) == 505
    assert few["http_requests"] == many["http_requests"]
    assert few["logons"] == many["logons"]
    for counted in (few, many):
        assert (counted["writes"], counted["process_starts"]) == (0, 0)


def test_kinds_may_be_mixed_as_a_server_has_them(bench: Bench) -> None:
    host = server("counted")
    bench.plan("counted", hosts=(host,))  # whatever a first visit may cost
    asked = []
    for services, shares, ports, values in ((2, 1, 1, 1), (80, 100, 100, 220)):
        bench.declare("counted", _mixture(host, services, shares, ports) + _values(host, values))
        bench.control.reset_counters()
        plan = bench.plan("counted", hosts=(host,))
        assert [each.status for each in plan.hosts] == ["read"]
        named = Counter(change.address.kind for change in plan.changes)
        assert (named["share"], named["printer_port"], named["service"]) == (shares, ports, services)
        asked.append({name: bench.counters(host)[name] for name in ("http_requests", "logons", "writes")})
    assert asked[0] == asked[1]


def _mixture(host: str, services: int, shares: int, ports: int) -> str:
    access = r"{full: ['BCPS\DHS-Admins'], change: ['BCPS\DHS-Staff'], read: [Everyone]}"
    return "".join(
        (
            "services:\n",
            *(f"  - {{name: {name}, start: disabled, hosts: {host}}}\n" for name in SERVICES[:services]),
            "shares:\n",
            *(
                f"  - {{name: Many{n}, path: 'D:\\Many\\{n}', access: {access}, hosts: {host}}}\n"
                for n in range(shares)
            ),
            "printer_ports:\n",
            *(
                f"  - {{name: IP_10.1.0.{n}, address: 10.1.0.{n}, hosts: {host}}}\n"
                for n in range(1, ports + 1)
            ),
            "registry_values:\n",
        )
    )


def test_print_settings_of_many_queues_are_asked_for_at_once(bench: Bench) -> None:
    host = server("counted")
    models = bench.project.manifests / "catalog" / "printers"
    models.mkdir(parents=True, exist_ok=True)
    (models / "counted.yaml").write_text("printer: counted\ntitle: Any\ndriver: Microsoft PS Class Driver\n")
    bench.plan("counted", hosts=(host,))  # whatever a first visit may cost
    asked = []
    for queues in (2, 100):
        bench.declare("counted", _queues(host, queues))
        bench.control.reset_counters()
        plan = bench.plan("counted", hosts=(host,))
        assert [each.status for each in plan.hosts] == ["read"]
        assert Counter(change.address.kind for change in plan.changes)["printer"] == queues
        asked.append({name: bench.counters(host)[name] for name in ("http_requests", "logons", "writes")})
    assert asked[0] == asked[1]


def _queues(host: str, count: int) -> str:
    options = f"duplex: long_edge, colour: false, paper: Letter, hosts: {host}"
    return "printers:\n" + "".join(
        f"  - {{name: Room {n} Laser, model: counted, address: 10.1.0.{n}, {options}}}\n"
        for n in range(1, count + 1)
    )


def test_applying_takes_two_requests_a_change_beside_a_constant(bench: Bench) -> None:
    _declare(bench, 5, 30)
    plan = _plan(bench)
    bench.control.reset_counters()

    result = bench.apply(plan)

    assert set(outcomes(result).values()) == {Outcome.CHANGED}
    few, many = (bench.counters(host)["http_requests"] for host in (FEW, MANY))
    assert many - few == 2 * (30 - 5)
    assert few - 2 * 5 <= 12  # a session's own requests, and the first precondition


def test_files_and_folders_cost_no_more(bench: Bench) -> None:
    host = server("counted")
    declared = "".join(f"  - {{path: 'D:\\Counted\\{n}', hosts: {host}}}\n" for n in range(6))
    shares = "".join(f"  - {{name: Counted{n}, path: 'D:\\Counted\\{n}', hosts: {host}}}\n" for n in range(6))
    bench.declare("counted", f"directories:\n{declared}shares:\n{shares}")
    plan = bench.plan("counted", hosts=(host,))
    bench.control.reset_counters()

    result = bench.apply(plan)

    assert set(outcomes(result).values()) == {Outcome.CHANGED}
    assert bench.counters(host)["http_requests"] <= 2 * len(plan.changes) + 12
