"""Templates put values into texts and can do nothing else."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.manifest.templates import (
    FILE_CHARACTERS,
    NAMES,
    Context,
    TemplateProblem,
    Templates,
    is_template,
)

CONTEXT: Context = {
    "host": {"name": "A-1", "room": "08", "roles": ("lab", "quiet")},
    "parameters": {"level": 5, "on": True, "items": ("a", "b"), "text": "x", "keys": "k"},
}


def told(source: str) -> tuple[str, str]:
    with pytest.raises(TemplateProblem) as caught:
        Templates().render_value(source, CONTEXT)
    return caught.value.message, caught.value.suggestion


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("Room {{ host.room }}", "Room 08"),
        ("{{ host.room }}", "08"),
        ("{{ parameters.level }}", 5),
        ("{{ parameters.on }}", True),
        ("{{ parameters.items }}", ("a", "b")),
        ("{{ parameters['level'] }}", 5),
        ("{{ host.roles[0] }}", "lab"),
        (" {{ parameters.level }}", " 5"),
        ("{{ parameters.level + 1 }}", 6),
        ("{{ host.name | lower }}", "a-1"),
        ("{% if parameters.on %}yes{% else %}no{% endif %}", "yes"),
        ("{% for role in host.roles %}{{ role }};{% endfor %}", "lab;quiet;"),
        ("{{ host.model | default('none') }}", "none"),
        ("{% if host.model is defined %}{{ host.model }}{% endif %}", ""),
        ("{{ '{{' }}", "{{"),
        ("<b>{{ host.name }}</b>", "<b>A-1</b>"),
        ("{{ parameters.keys }}", "k"),
        ("{{ [['a'], 'b'] }}", (("a",), "b")),
        ("{{ host.roles | unique }}", ("lab", "quiet")),
        ("x{{ host.roles | unique }}", "x['lab', 'quiet']"),
    ],
)
def test_values(source: str, value: object) -> None:
    found = Templates().render_value(source, CONTEXT)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("source", "message", "suggestion"),
    [
        ("{{ host.rom }}", "`host` has no `rom`", "did you mean `room`?"),
        ("{{ hots.room }}", "`hots` is not known in templates", "did you mean `host`?"),
        ("{{ host.room.floor }}", "`host.room` has no parts, so `host.room.floor` means nothing", ""),
        ("{{ host.roles[3] }}", "`host.roles` has 2 items; `host.roles[0]` is the first", ""),
        ("{{ host.roles[0].x }}", "`host.roles.0` has no parts, so `host.roles.0.x` means nothing", ""),
        ("{{ [host.rom] }}", "`host` has no `rom`", "did you mean `room`?"),
        ("{{ [1.5] }}", "the template gives no text, number, switch or list", ""),
        ("{{ [host] }}", "the template gives no text, number, switch or list", ""),
        ("{{ host.name | uper }}", "there is no filter `uper`", "did you mean `upper`?"),
        ("{{ host.name is defind }}", "there is no test `defind`", "did you mean `defined`?"),
    ],
)
def test_near_misses(source: str, message: str, suggestion: str) -> None:
    assert told(source) == (message, suggestion)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ host['__class__'] }}",
        "{{ host.__init__ }}",
        "{{ host.items() }}",
        "{{ host.keys }}",
        "{{ host.room.upper }}",
        "{{ parameters.items.count }}",
        "{{ range(10) }}",
        "{{ lipsum() }}",
        "{{ cycler('a') }}",
        "{{ self }}",
        "{{ config }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 10 ** 1000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 'x' | center(1000000000) }}",
        "{{ host | attr('room') }}",
        "{{ host.roles | map(attribute='x') }}",
        "{% set a = 1 %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% macro m() %}{% endmacro %}",
        "{% block b %}{% endblock %}",
        "{% for a in host.roles recursive %}{{ loop(a) }}{% endfor %}",
        "{% for a in 'xx' %}{% for b in 'xx' %}{% for c in 'xx' %}{% endfor %}{% endfor %}{% endfor %}",
        "{% filter upper %}x{% endfilter %}",
        "{{ (((((1))))) }" + "{" * 500,
        "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
        "{{ " + "not " * 3_000 + "1 }}",
    ],
)
def test_nothing_else_is_possible(source: str) -> None:
    told(source)


@pytest.mark.parametrize("name", sorted(NAMES))
@pytest.mark.parametrize(
    "loop",
    [
        "{%% for %s in [1] %%}{%% endfor %%}",
        "{%% for a, %s in [[1, 2]] %%}{%% endfor %%}",
        "{%% for (a, (b, %s)) in [[1, 2]] %%}{%% endfor %%}",
    ],
)
def test_a_loop_hides_no_name_of_the_context(name: str, loop: str) -> None:
    """Else a template could look at a host's fact without naming it outside the loop."""
    source = "{{ host.name }}" + loop % name
    message = f"a loop's own name cannot be `{name}`, which means something already"
    assert told(source) == (message, f"take another name, such as `each_{name}`")
    with pytest.raises(TemplateProblem, match=f"`{name}`"):
        Templates().render_file(source, CONTEXT)


@pytest.mark.parametrize("source", ["{{ %s | int(0, 16) }}", "{{ [%s | int(0, 16)] }}"])
def test_a_number_of_a_value_has_64_bits(source: str) -> None:
    assert Templates().render_value("{{ '%s' | int(0, 16) }}" % ("f" * 16), CONTEXT) == 2**64 - 1
    for digits in (17, 6_000):
        assert told(source % f"'{'f' * digits}'")[0] == "the template gives a number of more than 64 bits"


def test_the_result_is_bounded() -> None:
    long = "x" * 10_000
    loop = "{%% for %s in parameters.items %%}"
    source = loop % "a" + loop % "b" + "{{ parameters.text }}{% endfor %}{% endfor %}"
    context: Context = {"parameters": {"items": tuple("abcdefghijklmnopqrst"), "text": long}}
    with pytest.raises(TemplateProblem, match=f"more than {FILE_CHARACTERS:,} characters"):
        Templates().render_file(source, context)


def test_a_problem_of_a_file_names_its_line() -> None:
    with pytest.raises(TemplateProblem) as caught:
        Templates().render_file("one\ntwo\n{{ host.name() }}\n", CONTEXT)
    assert caught.value.line == 3


def test_what_a_template_looks_at_is_known_before_it_is_rendered() -> None:
    checked = Templates().check(
        "{% for r in host.roles %}{{ r }}{{ parameters['level'] }}{% endfor %}{{ vars }}"
    )
    assert checked.chains == {("host", "roles"), ("parameters", "level"), ("vars",)}


@given(st.text(alphabet="{}%# ab'\"().|[]_+-,1host", max_size=60))
def test_no_template_raises_anything_else(source: str) -> None:
    with suppress(TemplateProblem):
        value = Templates().render_value(source, CONTEXT)
        assert is_template(source) or value == source
