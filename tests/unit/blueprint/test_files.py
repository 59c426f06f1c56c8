"""What is no readable YAML at all."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from magnumctl.blueprint import load
from magnumctl.errors import InvalidBlueprintError

from .written import BASE, told, write

HOSTILE = {
    "a tab": (b"version: 1\nbays:\n\tweb: {}\n", "3:1 a tab cannot indent YAML (indent with spaces)"),
    "latin-1": (
        b"version: 1\ncloud: caf\xe9\n",
        "2:11 the file is not UTF-8: byte 0xe9 has no meaning here (save it as UTF-8)",
    ),
    "UTF-16": (
        "version: 1\n".encode("utf-16"),
        "1:1 the file is UTF-16, not UTF-8 (save it as UTF-8 without a byte order mark)",
    ),
    "a byte order mark": (
        b"\xef\xbb\xbfversion: 1\n",
        "1:1 the file starts with a byte order mark (save it as UTF-8 without a byte order mark)",
    ),
    "a control character": (
        b"version: 1\ncloud: a\x07b\n",
        "2:9 the control character U+0007 is not allowed in YAML",
    ),
    "NUL behind an escape": (b'version: 1\ncloud: "\\0"\n', "2:8 a value cannot hold the character NUL"),
    "a duplicate key": (
        b"version: 1\ncloud: a\ncloud: b\n",
        "3:1 the key cloud stands here twice, first in line 2 (keep one of the two)",
    ),
    "an anchor in itself": (b"version: 1\nbays: &a\n  web: *a\n", "3:8 the anchor &a contains itself"),
    "an unknown alias": (b"version: 1\nbays: *a\n", "2:7 there is no anchor &a above"),
    "two documents": (
        b"version: 1\n---\nversion: 1\n",
        "3:1 a second document begins here: a blueprint is one document (put it in a file of its own)",
    ),
    "a Python tag": (
        b"version: 1\ncloud: !!python/name:os.system x\n",
        (
            "2:8 the tag !!python/name:os.system is not known here "
            "(use !!bool, !!float, !!int, !!map, !!null, !!seq or !!str)"
        ),
    ),
    "an unquoted template": (
        b"version: 1\ncloud: {{ site }}\n",
        '2:9 a key must be text (put quotes around a value that starts with "{{")',
    ),
    "an open bracket": (
        b"version: 1\nbays: [\n",
        "3:1 this is not YAML: did not find expected node content while parsing a flow node",
    ),
    "nothing": (b"# only a comment\n", "1:1 the blueprint is empty (it begins with version: 1)"),
    "a list": (b"- version: 1\n", "1:1 the blueprint is no mapping of keys (it begins with version: 1)"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_cannot_be_read_has_one_clear_problem(tmp_path: Path, name: str) -> None:
    """The first thing in the way is told with its place and what to do."""
    content, expected = HOSTILE[name]
    assert told(tmp_path, content) == [expected]


def test_a_bomb_of_aliases_is_refused_at_once(tmp_path: Path) -> None:
    """Nine levels of nine aliases are a billion values, counted and not made."""
    levels = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 10))
    begun = time.process_time()
    found = told(tmp_path, f"version: 1\nx0: &x0 [lol]\n{levels}")
    assert (found, time.process_time() - begun < 1) == (
        ["7:40 the file holds more than 100000 values, aliases counted as copies"],
        True,
    )


def test_depth_is_bounded_through_aliases_too(tmp_path: Path) -> None:
    """Each anchor is shallow, their chain is deep."""
    levels = "".join(f"x{n}: &x{n} {'[' * 20}*x{n - 1}{']' * 20}\n" for n in range(1, 5))
    assert told(tmp_path, f"x0: &x0 [lol]\n{levels}") == ["5:29 values are nested more than 64 deep"]


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    """Nesting is refused long before it could exhaust a stack."""
    assert told(tmp_path, "a: " + "[" * 900) == ["1:67 values are nested more than 64 deep"]


def test_a_hundred_thousand_brackets_are_refused(tmp_path: Path) -> None:
    """By us, or before us by a libyaml that has a bound of its own (0.2.6 and newer)."""
    assert ["nest" in line for line in told(tmp_path, "a: " + "[" * 100_000)] == [True]


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    """100 MB of zeros on the disk cost no more than 1 MiB."""
    file = tmp_path / "huge.yaml"
    with file.open("wb") as stream:
        os.truncate(stream.fileno(), 100_000_000)
    with pytest.raises(InvalidBlueprintError) as caught:
        load([file])
    assert [found.message for found in caught.value.problems] == ["the file is larger than 1 MiB"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A named pipe would block for ever."""
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(InvalidBlueprintError) as caught:
        load([tmp_path / "pipe.yaml"])
    assert [found.message for found in caught.value.problems] == ["this is no regular file"]


def test_a_missing_file_and_an_empty_folder_are_told_together(tmp_path: Path) -> None:
    """One wrong argument does not hide the other."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidBlueprintError) as caught:
        load([tmp_path / "absent.yaml", tmp_path / "empty"])
    assert [found.message for found in caught.value.problems] == [
        "there is no such file",
        "the folder holds no *.yaml file",
    ]


def test_a_folder_gives_every_blueprint_in_it(tmp_path: Path) -> None:
    """Hidden files and what a blueprint names, manifests and cloud-configs, are no blueprints."""
    write(tmp_path, BASE)
    pod = "version: 1\npods:\n  raw: {bay: web, manifest: ./raw.yaml}\n  own: {bay: web, manifest: list.yaml}\n"
    write(tmp_path, pod, "team/pods.yaml")
    write(tmp_path, "apiVersion: v1\nkind: Pod\nmetadata: {name: raw}\n", "team/raw.yaml")
    write(tmp_path, "kind: Pod\nmetadata: {name: own}\n", "team/list.yaml")
    write(tmp_path, "#cloud-config\npackages: [jq]\n", "extra.yaml")
    write(tmp_path, "not: a blueprint\n", ".hidden/x.yaml")
    with pytest.raises(InvalidBlueprintError) as caught:
        load([tmp_path])
    assert [(found.file.name, found.message) for found in caught.value.problems] == [
        ("list.yaml", "apiVersion is missing in this manifest")
    ]


def test_scalars_keep_what_was_written(tmp_path: Path) -> None:
    """No YAML guess turns 1.30 into 1.3, 22:22 into 1342 or no into False."""
    text = BASE + "containers:\n  one: {bay: edge, image: redis, ports: [22:22], restart: no, env: {V: 1.30, W: 010}}\n"
    container = load([write(tmp_path, text)]).containers[0]
    assert (container.ports[0].host_port, container.restart, container.env) == (22, "no", {"V": "1.30", "W": "010"})


def test_merge_keys_work(tmp_path: Path) -> None:
    """`<<` fills in what the mapping does not say itself."""
    text = """\
        version: 1
        baymodels:
          a: &a {coe: docker, image: one, flavor: small, external_network: public}
          b: {<<: *a, image: two}
        bays: {x: {baymodel: b}}
        """
    group = load([write(tmp_path, text)]).bays[0].node_groups[0]
    assert (group.image, group.flavor) == ("two", "small")


def test_an_excerpt_points_at_the_place(tmp_path: Path) -> None:
    """The line as it stands, and a caret under the first wrong character."""
    with pytest.raises(InvalidBlueprintError) as caught:
        load([write(tmp_path, "version: 1\nclouds: lab\n")])
    assert caught.value.problems[0].excerpt == "clouds: lab\n^"


def test_a_problem_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Escape sequences in a value are shown, not sent."""
    found = told(tmp_path, 'version: 1\n"\\e[2Jx": 1\n')
    assert found == [
        (
            "2:1 unknown key \N{REPLACEMENT CHARACTER}[2Jx "
            "(valid keys: baymodels, bays, cloud, containers, pods, services, variables, version)"
        )
    ]
