from __future__ import annotations

import time
from pathlib import Path

import pytest

from .written import BASE, loaded, problems, told, write

POD = BASE + 'pods:\n  a: {bay: web, image: nginx, env: {V: "%s"}}\n'


def rendered(folder: Path, template: str, variables: dict[str, str] | None = None) -> str:
    declared = 'variables: {site: lab, count: 3, sure: true, sizes: {small: s}, zones: [a, b], text: "3"}\n'
    return loaded(folder, POD % template + declared, variables).pods[0].containers[0].env["V"]


TEMPLATES = {
    "{{ site }}": "lab",
    "{{site}}-{{ count }}": "lab-3",
    "{{ sure }}": "true",
    "{{ site | upper }}": "LAB",
    "{{ missing | default('x') }}": "x",
    "{{ sizes.small }}{{ zones[1] }}": "sb",
    "{{ zones | join(', ') }}": "a, b",
    "{{ site | replace('l', 'L') }}": "Lab",
    "{{ 'many' if count > 2 else 'few' }}": "many",
    "{% if sure %}yes{% else %}no{% endif %}": "yes",
    "{% raw %}{{.Names}}{% endraw %}": "{{.Names}}",
    "${#list[@]} {# kept #}": "${#list[@]} {# kept #}",
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_in_a_string_is_filled_in(tmp_path: Path, template: str) -> None:
    """Variables, filters and conditions; braces of other languages stay."""
    assert rendered(tmp_path, template) == TEMPLATES[template]


REFUSED = {
    "{{ sit }}": "9:44 there is no variable sit (did you mean site?)",
    "{{ site.upper() }}": "the template may not hold calls",
    "{{ 9**9**9 }}": "the template may not hold arithmetic",
    "{% for a in zones %}{% endfor %}": "the template may not hold loops",
    "{{ site.__class__ }}": "the template cannot be rendered: 'str object' has no attribute '__class__'",
    "{{ zones }}": "the template a list or mapping cannot stand in a text",
    "{{ site | pprint }}": "the template cannot be read: No filter named 'pprint'.",
    "{{ site": "the template cannot be read: unexpected end of template, expected 'end of print statement'.",
    "{{ each }}": "each has a value only in a bay with for_each and in its workloads",
}


@pytest.mark.parametrize("template", REFUSED)
def test_a_template_that_is_not_allowed_is_a_problem(tmp_path: Path, template: str) -> None:
    """The sandbox is small: nothing that could run long or look outside."""
    found = problems(tmp_path, POD % template + "variables: {site: lab, zones: [a, b]}\n")
    text = f"{found[0].line}:{found[0].column} {found[0].message} ({found[0].hint})"
    assert (len(found), REFUSED[template] in text) == (1, True), text


def test_a_template_cannot_grow(tmp_path: Path) -> None:
    """Twenty-five doublings would be 128 MiB; they are refused before they are made."""
    begun = time.process_time()
    doubled = "{{ 'aaaa'" + "|replace('a', 'aa')" * 25 + " }}"
    found = told(tmp_path, POD % doubled)
    assert ("becomes larger than 1 MiB" in found[0], time.process_time() - begun < 2) == (True, True)


def test_deep_parentheses_are_a_problem(tmp_path: Path) -> None:
    """The template engine's own recursion is caught."""
    found = told(tmp_path, POD % ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}"))
    assert [text.partition(" (")[0] for text in found] == ["9:41 the template is nested too deep to be a template"]


def test_the_last_word_wins(tmp_path: Path) -> None:
    """--var over --var-file over the blueprint, a later file over an earlier one."""
    one = write(tmp_path, "a: file1\nb: file1\nc: file1\n", "one.yaml")
    two = write(tmp_path, '{"b": "file2", "c": "file2"}', "two.json")
    text = POD % "{{ z }} {{ a }} {{ b }} {{ c }}" + "variables: {z: own, a: own, b: own, c: own}\n"
    blueprint = loaded(tmp_path, text, {"c": "var"}, (one, two))
    assert blueprint.pods[0].containers[0].env["V"] == "own file1 file2 var"


def test_a_variable_may_use_those_above_it(tmp_path: Path) -> None:
    """Also when the one above comes from --var."""
    text = POD % "{{ url }}" + 'variables:\n  site: lab\n  url: "https://{{ site }}.example"\n'
    assert loaded(tmp_path, text, {"site": "x"}).pods[0].containers[0].env["V"] == "https://x.example"


def test_a_variable_gives_numbers_too(tmp_path: Path) -> None:
    """A count may come from a variable; a wrong one is told where it is used."""
    text = BASE.replace("nodes: 2", 'nodes: "{{ n }}"', 1) + "variables: {n: 4}\n"
    assert (len(loaded(tmp_path, text).bays[0].nodes), told(tmp_path, text, {"n": "x"})) == (
        5,
        ['6:31 count must be a whole number, not "x"'],
    )


def test_a_variable_without_a_value_must_be_given(tmp_path: Path) -> None:
    """null in the blueprint means: say it on the command line."""
    text = POD % "{{ site }}" + "variables:\n  site:\n"
    assert (told(tmp_path, text), len(loaded(tmp_path, text, {"site": "a"}).pods)) == (
        ["11:3 the variable site has no value (--var site=VALUE)"],
        1,
    )


def test_a_slip_in_var_is_a_warning(tmp_path: Path) -> None:
    """A name that nothing declares or uses was most likely meant to be another."""
    blueprint = loaded(tmp_path, POD % "{{ site }}" + "variables: {site: lab}\n", {"sit": "x"})
    assert blueprint.warnings == ("--var sit: the blueprint has no such variable. did you mean site?",)


def test_the_place_in_a_block_is_the_line_of_the_name(tmp_path: Path) -> None:
    """A long text does not hide which of its lines is wrong."""
    text = (
        BASE + "pods:\n  a:\n    bay: web\n    image: nginx\n    args:\n      - |\n        fine\n        {{ oops }}\n"
    )
    assert told(tmp_path, text) == [
        "15:12 there is no variable oops (declare it under variables or give --var oops=VALUE)"
    ]


def test_bays_are_multiplied_with_their_workloads(tmp_path: Path) -> None:
    """`edge` becomes one bay for each word, and each gets the workloads that name `edge`."""
    text = """\
        version: 1
        baymodels: {d: {coe: docker, image: i, flavor: f, external_network: public}}
        bays: {edge: {baymodel: d, for_each: [paris, lyon], labels: {site: "{{ each }}"}}}
        containers: {web: {bay: edge, image: nginx, env: {SITE: "{{ each }}"}}}
        """
    blueprint = loaded(tmp_path, text)
    assert (
        [(bay.name, bay.labels["site"]) for bay in blueprint.bays],
        [(container.bay, container.env["SITE"]) for container in blueprint.containers],
    ) == (
        [("edge-paris", "paris"), ("edge-lyon", "lyon")],
        [("edge-paris", "paris"), ("edge-lyon", "lyon")],
    )


def test_a_service_follows_its_multiplied_pod(tmp_path: Path) -> None:
    """Short for bay and selector, in every one of the bays."""
    text = BASE.replace("nodes: 2", "for_each: [a, b]", 1)
    text += "pods: {p: {bay: web, image: nginx}}\nservices: {p: {pod: p, ports: [80]}}\n"
    services = loaded(tmp_path, text).services
    assert [(service.bay, service.selector) for service in services] == [
        ("web-a", {"app": "p"}),
        ("web-b", {"app": "p"}),
    ]


def test_multiplying_is_bounded(tmp_path: Path) -> None:
    """A thousand bays with a thousand pods would be a million; told, not made."""
    words = ", ".join(f"s{n}" for n in range(1000))
    pods = "".join(f"  p{n}: {{bay: web, image: nginx}}\n" for n in range(1000))
    text = BASE.replace("nodes: 2", f"for_each: [{words}]", 1) + f"pods:\n{pods}"
    assert [found.message for found in problems(tmp_path, text)] == [
        "the blueprint becomes too large when its bays are multiplied and its variables filled in"
    ]


def test_large_variables_are_bounded(tmp_path: Path) -> None:
    """A few thousand mentions of a long text would be hundreds of megabytes."""
    text = BASE + f"variables: {{x: {'y' * 60000}}}\npods:\n  a:\n    bay: web\n    image: i\n    args:\n"
    begun = time.process_time()
    found = problems(tmp_path, text + "    - '{{ x }}'\n" * 5000)
    assert ([problem.line for problem in found], time.process_time() - begun < 2) == ([573], True)


def test_a_failed_template_is_told_once(tmp_path: Path) -> None:
    """What would follow from it is not told."""
    text = BASE + "pods: {a: {bay: '{{ where }}', image: '{{ what }}', replicas: '{{ many }}'}}\n"
    assert [found.message for found in problems(tmp_path, text)] == [
        "there is no variable where",
        "there is no variable what",
        "there is no variable many",
    ]
