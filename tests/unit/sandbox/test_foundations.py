from __future__ import annotations

import stat
import threading
from pathlib import Path

import yaml

from magnumctl.sandbox import clouds_yaml
from magnumctl.sandbox.clock import Clock
from magnumctl.sandbox.running import SERVICES

from .api import COMPUTE, NETWORK, Api


def test_deeds_happen_in_their_order(capsys: object) -> None:
    """By their time, then as they were asked for; one that fails stops nobody."""
    clock, done, ended = Clock("test"), [], threading.Event()
    clock.after(0.02, lambda: done.append("later"))
    clock.after(0.04, ended.set)
    clock.soon(lambda: done.append("first"))
    clock.soon(lambda: done.append(str(1 / 0)))
    clock.soon(lambda: done.append("second"))
    ended.wait(2)
    clock.close()
    assert done == ["first", "second", "later"]


def test_the_clouds_yaml_is_its_owners(tmp_path: Path) -> None:
    """0600 in a folder of 0700, with an entry per project."""
    path = tmp_path / "new" / "clouds.yaml"
    clouds_yaml.write(path, "http://127.0.0.1:1")
    modes = [stat.S_IMODE(it.stat().st_mode) for it in (path, path.parent)]
    clouds = list(yaml.safe_load(path.read_text())["clouds"])
    assert (modes, clouds) == ([0o600, 0o700], ["sandbox", "sandbox-other", "sandbox-admin"])


def test_a_sandbox_removes_only_its_own_clouds_yaml(tmp_path: Path) -> None:
    """One written by a later sandbox stays."""
    path = tmp_path / "clouds.yaml"
    clouds_yaml.write(path, "http://127.0.0.1:2")
    clouds_yaml.remove(path, "http://127.0.0.1:1")
    assert path.exists()


def test_an_unknown_path_is_404_in_the_services_shape(demo: Api) -> None:
    """And a known path with another method 405."""
    answers = [demo.call("GET", f"{COMPUTE}/nothing"), demo.call("PUT", f"{COMPUTE}/servers", {})]
    assert [(it.status, list(it.body)) for it in answers] == [(404, ["itemNotFound"]), (405, ["badMethod"])]


def test_no_token_is_401(demo: Api) -> None:
    """Said as keystonemiddleware does."""
    answer = demo.client.get(f"{NETWORK}/networks")
    assert (answer.status_code, answer.json["error"]["code"]) == (401, 401)


def test_no_body_makes_a_service_fail(demo: Api) -> None:
    """Whatever is sent to whichever route: never a 500."""
    bodies = ({}, [], {"server": []}, {"network": {"name": {}}}, {"port": 1}, {"auth": {"identity": 3}}, {"pool": None})
    routes = [(service, route) for service in SERVICES for route in service.routes if route.method in {"POST", "PUT"}]
    failed = [
        (route.method, service.prefix + route.pattern, body)
        for service, route in routes
        for body in bodies
        if demo.call(route.method, service.prefix + route.pattern.replace("{", "").replace("}", ""), body).status >= 500
    ]
    assert failed == []
