"""The sandbox's nodes, booted from compiled user-data, met by the official clients."""

from __future__ import annotations

import json
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import docker
import pytest

from magnumctl.blueprint.model import Bay, Kubernetes, NodeGroup
from magnumctl.coe.contract import ClientTls
from magnumctl.compiler import BayIdentity, compile_bay
from magnumctl.pki import client_certificate, new_secrets
from magnumctl.pki.model import BaySecrets
from magnumctl.sandbox.fabric import BootedServer, FixedAddress, Relay, RelayMember
from magnumctl.sandbox.nodes import EmulatedFabric
from magnumctl.sandbox.nodes.node import EmulatedNode
from tests.components.build import built
from tests.components.dockerd import found
from tests.components.server import loopback_addresses

UUID = "6f1f2c1e-3d2b-4a56-9c37-0a1b2c3d4e5f"
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.29", ports: [{containerPort: 80}]}]}
"""


@dataclass(frozen=True)
class Booted:
    """Nodes by name; `address` is where the API answers."""

    fabric: EmulatedFabric
    nodes: dict[str, EmulatedNode]
    address: str
    secrets: BaySecrets
    folder: Path

    def tls(self, secrets: BaySecrets | None = None) -> ClientTls:
        made = client_certificate(secrets or self.secrets, "tester", timedelta(hours=1))
        return ClientTls(client_certificate(self.secrets, "tester", timedelta(hours=1)).ca, made.certificate, made.key)


def group(name: str, role: str, count: int) -> NodeGroup:
    names = tuple(f"{name}-{number}" for number in range(count))
    return NodeGroup(name=name, role=role, flavor="m1.small", image="debian-12", node_names=names)


def kubernetes_bay(control_planes: int) -> Bay:
    groups = group("control-plane", "control_plane", control_planes), group("workers", "worker", 1)
    return Bay(
        name="web",
        baymodel="k8s",
        coe="kubernetes",
        external_network="public",
        kubernetes=Kubernetes(),
        node_groups=groups,
    )


def docker_bay() -> Bay:
    return Bay(
        name="edge",
        baymodel="docker",
        coe="docker",
        external_network="public",
        node_groups=(group("workers", "worker", 1),),
    )


@contextmanager
def booted(bay: Bay, folder: Path, balanced: bool = False) -> Iterator[Booted]:
    """The first node has a floating address; `balanced`: a load balancer has it instead."""
    (address,) = loopback_addresses(1)
    names = [name for _, name in bay.nodes]
    secrets = new_secrets(bay.coe, names)
    texts = compile_bay(bay, BayIdentity(UUID, "demo", "127.0.0.1/32"), secrets, (), ()).user_data
    fabric = EmulatedFabric()
    nodes = {}
    try:
        for number, name in enumerate(names):
            floating = (address,) if number == 0 and not balanced else ()
            nodes[name] = fabric.boot(
                server(f"{bay.name}-{name}", texts[name], address, floating, f"10.20.0.{10 + number}")
            )
        yield Booted(fabric, nodes, address, secrets, folder)
    finally:
        fabric.close()


def server(name: str, text: str, api: str, floating: tuple[str, ...], fixed: str) -> BootedServer:
    here = (*floating, fixed)[0]
    filled = text.replace("@@API_ADDRESS@@", api).replace("@@NODE_ADDRESS@@", here).replace("@@FIXED_ADDRESS@@", fixed)
    fixed_addresses = (FixedAddress("network", fixed),)
    return BootedServer(name, name, "debian-12", "demo", filled.encode(), fixed_addresses, floating)


@pytest.fixture
def bay(tmp_path: Path) -> Iterator[Booted]:
    with booted(kubernetes_bay(1), tmp_path) as made:
        yield made


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Booted]:
    with booted(docker_bay(), tmp_path) as made:
        yield made


def eventually(told: Callable[[], object], seconds: float = 20) -> object:
    """The first true answer; an answer that is an error counts as none."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if answer := told():
                return answer
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("it did not become true in time")


def context(bay: Booted, tls: ClientTls | None) -> ssl.SSLContext:
    made = ssl.create_default_context(cadata=bay.tls().ca)
    if tls:
        path = bay.folder / "client.pem"
        path.write_text(tls.certificate + tls.key)
        made.load_cert_chain(path)
    return made


def asked(bay: Booted, path: str, tls: ClientTls | None) -> tuple[int, str]:
    url = f"https://{bay.address}:{2376 if bay.secrets.docker else 6443}{path}"
    try:
        with urllib.request.urlopen(url, context=context(bay, tls), timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def kubectl(bay: Booted, *words: str, stdin: str = "") -> str:
    tls = bay.tls()
    files = {"ca": tls.ca, "certificate": tls.certificate, "key": tls.key}
    for name, text in files.items():
        (bay.folder / name).write_text(text)
    flags = [f"--server=https://{bay.address}:6443", f"--certificate-authority={bay.folder}/ca"]
    flags += [f"--client-certificate={bay.folder}/certificate", f"--client-key={bay.folder}/key"]
    flags += [f"--cache-dir={bay.folder}/cache", "--kubeconfig=/dev/null"]
    done = subprocess.run([built("kubectl"), *flags, *words], input=stdin, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return done.stdout


def ready_nodes(bay: Booted) -> set[str]:
    _, text = asked(bay, "/api/v1/nodes", bay.tls())
    nodes = json.loads(text)["items"]
    return {
        n["metadata"]["name"]
        for n in nodes
        if {"Ready": "True"}.items() <= {c["type"]: c["status"] for c in n["status"]["conditions"]}.items()
    }


def docker_cli(host: Booted, *words: str) -> str:
    tls = host.tls()
    for name, text in {"ca.pem": tls.ca, "cert.pem": tls.certificate, "key.pem": tls.key}.items():
        (host.folder / name).write_text(text)
    environ = {
        "DOCKER_HOST": f"tcp://{host.address}:2376",
        "DOCKER_TLS_VERIFY": "1",
        "DOCKER_CERT_PATH": str(host.folder),
    }
    environ |= {"DOCKER_CONFIG": str(host.folder)}
    done = subprocess.run([found("docker"), *words], env=environ, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_a_docker_node_asks_for_its_client_s_certificate(host: Booted) -> None:
    """None, or one of another bay, ends the handshake."""
    eventually(lambda: asked(host, "/_ping", host.tls()) == (200, "OK"))
    for tls in (None, host.tls(new_secrets("docker", ["workers-0"]))):
        with pytest.raises(OSError, match=r"alert|reset|EOF|closed"):
            asked(host, "/_ping", tls)


def test_the_docker_command_runs_containers(host: Booted) -> None:
    """Pull, run, exit code, logs, exec, ps, rm: by the official command line."""
    eventually(lambda: asked(host, "/_ping", host.tls()) == (200, "OK"))
    ran = docker_cli(host, "run", "--rm", "busybox:1.37", "sh", "-c", "echo hello; exit 3")
    docker_cli(host, "run", "-d", "--name", "web", "-p", "8080:80", "nginx:1.29")
    ports = docker_cli(host, "ps", "--format", "{{.Names}} {{.Ports}}")
    told = docker_cli(host, "exec", "web", "echo", "hi")
    gone = docker_cli(host, "rm", "-f", "web")
    assert ("hello\n" in ran, told, gone) == (True, "hi\n", "web\n")
    assert ports.startswith("web 0.0.0.0:8080->80/tcp")


def test_the_docker_sdk_follows_logs_and_events(host: Booted) -> None:
    """Streams end when the container does."""
    eventually(lambda: asked(host, "/_ping", host.tls()) == (200, "OK"))
    docker_cli(host, "version")
    paths = {name: f"{host.folder}/{name}.pem" for name in ("ca", "cert", "key")}
    tls = docker.tls.TLSConfig(client_cert=(paths["cert"], paths["key"]), ca_cert=paths["ca"], verify=True)
    client = docker.DockerClient(f"https://{host.address}:2376", tls=tls, version="1.47")
    client.api.trust_env = False
    try:
        made = client.containers.run(
            "busybox:1.37", ["sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.1; done"], detach=True
        )
        lines = b"".join(made.logs(stream=True, follow=True))
        actions = [each["Action"] for each in client.events(since=1, until=int(time.time()) + 1, decode=True)]
        assert (lines, made.wait()["StatusCode"]) == (b"1\n2\n3\n", 0)
        assert actions == ["create", "start", "die"]
    finally:
        client.close()


def test_an_api_server_tells_strangers_that_it_is_ready_and_nothing_else(bay: Booted) -> None:
    """Without a certificate: /readyz and /version, no pods."""
    eventually(lambda: asked(bay, "/readyz", None) == (200, "ok"))
    version, pods = asked(bay, "/version", None), asked(bay, "/api/v1/pods", None)
    assert (version[0], pods[0]) == (200, 403)
    assert 'User \\"system:anonymous\\" cannot list resource \\"pods\\"' in pods[1]


def test_nodes_of_a_bay_join_and_become_ready(bay: Booted) -> None:
    """By bootstrap token, under their servers' names."""
    assert eventually(lambda: len(ready_nodes(bay)) == 2 and ready_nodes(bay)) == {
        "web-control-plane-0",
        "web-workers-0",
    }


def test_kubectl_works_as_with_a_real_cluster(bay: Booted) -> None:
    """Apply, roll out, scale, print, read logs, run commands, delete."""
    eventually(lambda: len(ready_nodes(bay)) == 2)
    applied = kubectl(bay, "apply", "-f", "-", stdin=DEPLOYMENT)
    rolled = kubectl(bay, "rollout", "status", "deploy/web", "--timeout=20s")
    kubectl(bay, "scale", "deploy/web", "--replicas=3")
    kubectl(bay, "rollout", "status", "deploy/web", "--timeout=20s")
    table = kubectl(bay, "get", "deploy", "web", "--no-headers")
    spoken = kubectl(bay, "exec", "deploy/web", "--", "echo", "hi"), kubectl(bay, "logs", "deploy/web")
    kubectl(bay, "delete", "deploy", "web", "--cascade=foreground", "--timeout=20s")
    left = kubectl(bay, "get", "pods", "-o", "name")
    assert (applied, "successfully rolled out" in rolled) == ("deployment.apps/web created\n", True)
    assert (table.split()[:2], spoken[0], "ready for start up" in spoken[1], left) == (["web", "3/3"], "hi\n", True, "")


def test_kubectl_creates_in_protobuf_too(bay: Booted) -> None:
    """`kubectl create` and `auth` do not send JSON."""
    eventually(lambda: len(ready_nodes(bay)) == 2)
    kubectl(bay, "create", "namespace", "other")
    kubectl(bay, "create", "secret", "generic", "s", "--namespace=other", "--from-literal=a=b")
    value = kubectl(bay, "get", "secret", "s", "--namespace=other", "--output=jsonpath={.data.a}")
    kubectl(bay, "delete", "namespace", "other", "--timeout=20s")
    assert (value, "tester" in kubectl(bay, "auth", "whoami")) == ("Yg==", True)


def test_a_node_that_is_off_is_not_ready_and_comes_back(bay: Booted) -> None:
    """Its pods too."""
    eventually(lambda: len(ready_nodes(bay)) == 2)
    bay.nodes["workers-0"].stop()
    eventually(lambda: ready_nodes(bay) == {"web-control-plane-0"})
    bay.nodes["workers-0"].start()
    eventually(lambda: len(ready_nodes(bay)) == 2)


def test_an_api_answers_only_while_its_address_leads_to_it(bay: Booted) -> None:
    """A floating IP that is taken away is refused, given back it is served again."""
    eventually(lambda: asked(bay, "/readyz", None) == (200, "ok"))
    node = bay.nodes["control-plane-0"]
    node.detach(bay.address)
    with pytest.raises(OSError, match="refused"):
        asked(bay, "/readyz", None)
    node.attach(bay.address)
    assert asked(bay, "/readyz", None) == (200, "ok")


def test_a_paused_node_keeps_its_callers_waiting(bay: Booted) -> None:
    """They are served when it goes on."""
    eventually(lambda: asked(bay, "/readyz", None) == (200, "ok"))
    bay.nodes["control-plane-0"].pause()
    with pytest.raises(OSError, match="timed out"):
        asked(bay, "/readyz", None)
    bay.nodes["control-plane-0"].unpause()
    assert asked(bay, "/readyz", None) == (200, "ok")


def test_a_load_balancer_passes_over_control_planes_that_are_off(tmp_path: Path) -> None:
    """Three control planes are one cluster; the balancer's address serves whichever runs."""
    with booted(kubernetes_bay(3), tmp_path, balanced=True) as bay:
        members = tuple(RelayMember("network", f"10.20.0.{10 + number}", 6443) for number in range(3))
        bay.fabric.relay(Relay("listener", (bay.address,), 6443, members))
        eventually(lambda: len(ready_nodes(bay)) == 4)
        kubectl(bay, "create", "namespace", "kept")
        bay.nodes["control-plane-0"].stop()
        bay.nodes["control-plane-1"].stop()
        names = [kubectl(bay, "get", "namespace", "kept", "-o", "name") for _ in range(3)]
        bay.fabric.unrelay("listener")
        with pytest.raises(OSError, match="refused"):
            asked(bay, "/readyz", None)
        assert names == ["namespace/kept\n"] * 3


def test_the_console_tells_the_stages_of_a_boot(bay: Booted) -> None:
    """Down to the line that says it is done, or why not."""
    node = bay.nodes["control-plane-0"]
    eventually(lambda: "magnumctl: ready" in node.console())
    broken = bay.fabric.boot(BootedServer("x", "x", "debian-12", "demo", b"#cloud-config\n{"))
    assert ("stage 2/3 init" in node.console(), "Failed loading yaml" in broken.console()) == (True, True)
