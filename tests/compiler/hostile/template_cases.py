"""Templates that reach for what is not theirs, or that cost more than they show."""

from __future__ import annotations

from tests.compiler.hostile.case import MORE, SCHOOL, Case, refused

_REACHING = {
    "class": "{{ host.__class__ }}",
    "class-by-brackets": "{{ host['__class__'] }}",
    "class-in-pieces": "{{ host['__cl' ~ 'ass__'] }}",
    "subclasses": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "attribute-filter": "{{ host|attr('__class__') }}",
    "attribute-of-map": "{{ host.roles|map(attribute='__class__')|list }}",
    "method": "{{ host.name.upper() }}",
    "format-method": "{{ '{0.__class__}'.format(host) }}",
    "format-filter": "{{ '%s'|format(host) }}",
    "percent": "{{ '%999999999d' % 1 }}",
    "multiplied": "{{ 'x' * 999999999 }}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "shifted": "{{ 1 // 0 }}",
    "range": "{{ range(1000000000)|list }}",
    "padded": "{{ 'x'|center(999999999) }}",
    "indented": "{{ 'x'|indent(999999999) }}",
    "batched": "{{ host.roles|batch(999999999) }}",
    "lipsum": "{{ lipsum.__globals__ }}",
    "cycler": "{{ cycler.__init__.__globals__.os }}",
    "self": "{{ self._TemplateReference__context }}",
    "config": "{{ config }}",
    "environment": "{{ environ }}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as os %}",
    "extends": "{% extends 'x' %}",
    "set": "{% set x = 1 %}{{ x }}",
    "set-of-namespace": "{% set host.name = 'x' %}",
    "macro": "{% macro x() %}{{ x() }}{% endmacro %}{{ x() }}",
    "call-block": "{% call x() %}{% endcall %}",
    "block": "{% block x %}{% endblock %}",
    "filter-block": "{% filter upper %}x{% endfilter %}",
    "with-block": "{% with x = 1 %}{{ x }}{% endwith %}",
    "recursive-loop": "{% for x in vars.many recursive %}{{ loop(x) }}{% endfor %}",
    "loop-internals": "{% for x in host.roles %}{{ loop.cycle }}{% endfor %}",
    "three-loops": (
        "{% for a in vars.many %}{% for b in vars.many %}{% for c in vars.many %}x"
        "{% endfor %}{% endfor %}{% endfor %}"
    ),
    "two-silent-loops": "{% for a in vars.many %}{% for b in vars.many %}{% endfor %}{% endfor %}",
    "two-loud-loops": "{% for a in vars.many %}{% for b in vars.many %}xxxxxxxx{% endfor %}{% endfor %}",
    "loops-over-a-text": "{% for a in vars.text %}{% for b in vars.text %}{% endfor %}{% endfor %}",
    "loop-over-a-joined-text": "{% for a in vars.many %}{{ vars.many|join(vars.text) }}{% endfor %}",
    "joined-by-itself": "{{ vars.many|join(vars.many|string) }}",
    "joined-texts": "{{ vars.many|join(vars.text) }}",
    "doubled": "{{ " + " ~ ".join(["vars.text"] * 50) + " }}",
    "in-many": "{% for a in vars.many %}{% if 'zz' in vars.text %}x{% endif %}{% endfor %}",
    "sorted-often": "{% for a in vars.many %}{{ (vars.many|sort)[0] }}{% endfor %}",
    "parentheses": "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
    "nots": "{{ " + "not " * 5_000 + "1 }}",
    "chain-of-filters": "{{ host.name" + "|upper" * 5_000 + " }}",
    "chain-of-parts": "{{ host" + ".x" * 5_000 + " }}",
    "long-sum": "{{ " + "1 + " * 5_000 + "1 }}",
    "long-list": "{{ [" + "1, " * 10_000 + "1] }}",
    "nested-ifs": "{% if host %}" * 2_500 + "{% endif %}" * 2_500,
    "many-ifs": "{% if host %}{% endif %}" * 2_500,
    "many-braces": "{{ host }}" * 6_000,
    "open-braces": "{{" * 30_000,
    "open-comment": "{#" + "x" * 60_000,
    "open-raw": "{% raw %}" + "{{" * 30_000,
    "huge-number": "{{ " + "9" * 50_000 + " }}",
    "huge-exponent": "{{ 1e999999999 }}",
    "underscores": "{{ " + "1_" * 10_000 + "1 }}",
    "escape-in-a-text": "{{ '\\x7b\\x7b host.__class__ \\x7d\\x7d' ~ nobody }}",
    "budget": "{{ [' budget'] ~ nobody }}",
}

_SCHOOL = """\
school: alpha
name: Alpha
groups: [high]
vars:
  text: {text}
  many: [{many}]
hosts:
  server: {{name: A-SRV, roles: [server]}}
  lab: {{range: 'A-LAB-[01-04]', roles: [workstation, quiet]}}
  library: {{names: [A-LIB-1, A-LIB-2], roles: [workstation]}}
"""


def _template(name: str, template: str) -> Case:
    quoted = template.replace("'", "''")
    size = 20_000 if "vars" in template else 1
    school = _SCHOOL.format(text="x" * 3 * size, many=", ".join(f"v{n}" for n in range(size)))
    service = f"services:\n  - {{name: '{quoted}', start: manual, hosts: lab}}\n"
    return refused(f"template-{name}", {SCHOOL: school, MORE: service}, "template")


CASES: tuple[Case, ...] = tuple(_template(name, template) for name, template in _REACHING.items())
