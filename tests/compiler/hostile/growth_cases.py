"""Few lines that ask for much: hosts, selectors, profiles, resources, edges, mistakes."""

from __future__ import annotations

from collections.abc import Mapping

from tests.compiler.hostile.case import MORE, SCHOOL, Case, refused

_HEAD = "school: alpha\nname: Alpha\ngroups: [high]\n"
_BIG = f"{_HEAD}hosts:\n  server: {{name: A-SRV, roles: [server]}}\n  lab: {{range: 'A-[0001-2000]'}}\n"


def _hosts(text: str) -> dict[str, str]:
    return {SCHOOL: f"{_HEAD}hosts:\n{text}", **_NOTHING_ELSE}


_NOTHING_ELSE: Mapping[str, str] = {"schools/alpha/resources.yaml": "profiles: []\n"}


def _big(text: str) -> dict[str, str]:
    return {SCHOOL: _BIG, MORE: text, **_NOTHING_ELSE}


def _selecting(selector: str) -> dict[str, str]:
    return _big(f"services:\n  - {{name: X, start: manual, hosts: {selector}}}\n")


def _groups(count: int, form: str) -> str:
    return "".join("  " + form.format(n=n) + "\n" for n in range(count))


def _services(count: int, form: str) -> dict[str, str]:
    return _big("services:\n" + "".join("  - {" + form.format(n=n) + "}\n" for n in range(1, count + 1)))


def _profile(resources: int, uses: int) -> dict[str, str]:
    """One profile with many resources, used many times."""
    profile = "profile: wide\nparameters: {n: {type: text}}\nservices:\n" + "".join(
        f"  - {{name: 'S{n} {{{{ parameters.n }}}}', start: manual}}\n" for n in range(resources)
    )
    use = "profiles:\n" + "".join(
        f"  - {{use: wide, hosts: server, with: {{n: u{n}}}}}\n" for n in range(uses)
    )
    return {"profiles/wide.yaml": profile, **_big(use)}


CASES: tuple[Case, ...] = (
    refused("range-of-billions", _hosts("  lab: {range: 'A-[1-999999999]'}\n"), "invalid-value"),
    refused(
        "range-of-a-million", _hosts("  lab: {range: 'A-[1-999999]'}\n"), "invalid-value", "at most 2,000"
    ),
    refused(
        "range-of-many-parts",
        _hosts("  lab: {range: 'A-[" + ",".join(f"{n}" for n in range(8_000)) + "]'}\n"),
        "invalid-value",
        "at most 2,000",
    ),
    refused("many-ranges", _hosts(_groups(8_000, "g{n}: {{range: 'A{n}-[1-2000]'}}")), "invalid-value"),
    refused("many-big-ranges", _hosts(_groups(900, "g{n}: {{range: 'A{n}-[1-2000]'}}")), "host-limit"),
    refused("many-names", _hosts(_groups(30_000, "g{n}: {{name: A-{n}}}")), "invalid-value"),
    refused(
        "many-exceptions",
        _hosts("  lab:\n    range: 'A-[1-2000]'\n    except: [" + "'B-[1-2000]', " * 30_000 + "B-1]\n"),
        "host-limit",
    ),
    refused("many-selectors", _selecting("[" + "'A-[0001-2000]', " * 30_000 + "lab]"), "selector"),
    refused("long-selector", _selecting("'" + "lab or " * 5_000 + "lab'"), "selector"),
    refused("deep-selector", _selecting("'" + "(" * 400 + "lab" + ")" * 400 + "'"), "selector"),
    refused("many-nots", _selecting("'" + "not " * 200 + "lab'"), "selector"),
    refused(
        "selector-of-many-ranges",
        _selecting("'" + " or ".join(["A-[0001-2000]"] * 60) + "'"),
        "selector",
    ),
    refused(
        "ranges-in-many-declarations",
        _services(9_000, "name: S{n}, start: manual, hosts: 'A-[0001-2000]'"),
        "selector",
        "more than 200,000 hosts",
    ),
    refused(
        "a-resource-for-each-host",
        _services(4_000, "name: 'S{n} {{{{ host.name }}}}', start: manual, hosts: lab"),
        "school-limit",
    ),
    refused(
        "selectors-in-many-declarations",
        _services(1_900, "name: S{n}, start: manual, hosts: 'lab and not A-{n:04}'"),
        "school-limit",
    ),
    refused("wide-profile", _profile(2_000, 1_000), "profile-limit"),
    refused(
        "everything-after-everything",
        _services(300, "name: S{n}, start: manual, hosts: all, after: all/service/S1"),
        "school-limit",
    ),
    refused(
        "all-after-all",
        _big(
            "services:\n  - {name: T, start: manual, hosts: all}\n"
            + "".join(
                f"  - {{name: S{n}, start: manual, hosts: all, after: all/service/T}}\n" for n in range(300)
            )
        ),
        "school-limit",
    ),
    refused(
        "unknown-references",
        _services(2_000, "name: S{n}, start: manual, hosts: all, needs: lab/service/Nothing{n}"),
        "unknown-reference",
    ),
    refused("unknown-fields", {MORE: "".join(f"f{n}: 1\n" for n in range(10_000))}, "unknown-field"),
    refused(
        "unknown-fields-of-one",
        _big(
            "services:\n  - {name: X, start: manual, hosts: lab, "
            + ", ".join(f"f{n}: 1" for n in range(10_000))
            + "}\n"
        ),
        "unknown-field",
    ),
    refused("duplicate-keys", {MORE: "profiles: []\n" * 20_000}, "yaml-duplicate-key"),
    refused("wrong-items", {MORE: "services: [" + "1, " * 20_000 + "1]\n"}, "wrong-type"),
    refused("wrong-names", _hosts("  lab: {names: [" + "-, " * 20_000 + "A]}\n"), "invalid-value"),
    refused("wrong-roles", _hosts("  lab: {name: A-1, roles: [" + "-, " * 20_000 + "A]}\n"), "invalid-value"),
    refused(
        "unknown-products",
        _big("software:\n" + "".join(f"  - {{name: p{n}, hosts: lab}}\n" for n in range(5_000))),
        "unknown-software",
    ),
    refused(
        "unknown-hosts",
        _services(4_000, "name: S{n}, start: manual, hosts: A-{n}x"),
        "no-host-selected",
    ),
)
