"""What the short forms and defaults of a blueprint become."""

from __future__ import annotations

from pathlib import Path

import pytest

from magnumctl.blueprint import model

from .written import BASE, loaded, write


def bay(folder: Path, fields: str, base: str = "coe: kubernetes") -> model.Bay:
    text = f"""\
        version: 1
        baymodels: {{m: {{{base}, image: i, flavor: f, external_network: public}}}}
        bays: {{b: {{baymodel: m, {fields}}}}}
        """
    return loaded(folder, text).bays[0]


def names(found: model.Bay) -> list[str]:
    return [name for _, name in found.nodes]


def test_two_nodes_are_two_workers_behind_a_control_plane(tmp_path: Path) -> None:
    """`nodes: 2` is short for `{workers: {count: 2}}`."""
    short, long = bay(tmp_path, "nodes: 2"), bay(tmp_path, "nodes: {workers: {count: 2}}")
    assert (names(short), short) == (["control-plane-0", "workers-0", "workers-1"], long)


def test_a_docker_bay_has_workers_only(tmp_path: Path) -> None:
    """No control plane, no Kubernetes settings."""
    found = bay(tmp_path, "nodes: 1", "coe: docker")
    assert (names(found), found.control_plane, found.kubernetes) == (["workers-0"], (), None)


def test_a_removed_node_keeps_the_others_names(tmp_path: Path) -> None:
    """`count` says how many, `remove` which names are passed over."""
    found = bay(tmp_path, "nodes: {workers: {count: 2, remove: [workers-1]}}", "coe: docker")
    assert names(found) == ["workers-0", "workers-2"]


def test_a_group_says_what_differs_from_the_bay(tmp_path: Path) -> None:
    """Flavor, image, zones, volume, policy and labels, the last ones added to the bay's."""
    group = (
        "nodes: {g: {count: 1, flavor: gf, image: gi, availability_zones: [z], boot_volume: {size: 9}, "
        "policy: none, labels: {b: '2'}}}, labels: {a: '1', b: '1'}"
    )
    assert bay(tmp_path, group, "coe: docker").node_groups == (
        model.NodeGroup(
            name="g",
            role="worker",
            flavor="gf",
            image="gi",
            node_names=("g-0",),
            labels={"a": "1", "b": "2"},
            availability_zones=("z",),
            boot_volume=model.BootVolume(size=9),
            policy="none",
        ),
    )


def test_a_bay_overrides_its_baymodel(tmp_path: Path) -> None:
    """api, kubernetes and labels key by key, a network as a whole, null takes a value away."""
    base = (
        "coe: kubernetes, keypair: k, labels: {a: '1'}, network: {cidr: 10.1.0.0/24}, "
        "api: {endpoint: load-balancer, allowed_cidrs: [10.0.0.0/8]}, kubernetes: {version: 1.33, cni: none}"
    )
    over = (
        "keypair: null, labels: {b: '2'}, network: {existing: n, subnet: s}, api: {allowed_cidrs: [192.0.2.1]}, "
        "kubernetes: {version: 1.30}"
    )
    found = bay(tmp_path, over, base)
    assert (found.keypair, found.labels, found.network, found.api, found.kubernetes) == (
        None,
        {"a": "1", "b": "2"},
        model.ExistingNetwork(existing="n", subnet="s"),
        model.Api(endpoint="load-balancer", allowed_cidrs=("192.0.2.1/32",)),
        model.Kubernetes(version="1.30", cni="none"),
    )


def test_a_blueprint_of_several_files_is_one(tmp_path: Path) -> None:
    """A bay finds its baymodel in another file, and `text` holds them all."""
    write(tmp_path, BASE.replace("bays:", "x:").split("x:")[0], "models.yaml")
    write(tmp_path, "version: 1\nbays: {a: {baymodel: docker}}\n", "bays.yaml")
    found = model.Blueprint.model_validate(loaded_folder(tmp_path))
    assert ([bay.name for bay in found.bays], sorted(Path(name).name for name in found.text)) == (
        ["a"],
        ["bays.yaml", "models.yaml"],
    )


def loaded_folder(folder: Path) -> model.Blueprint:
    from magnumctl.blueprint import load  # noqa: PLC0415 the others load one file

    return load([folder])


def test_a_pod_of_one_image_has_one_container_of_its_name(tmp_path: Path) -> None:
    """Labels default to `app`, so that a service can find it."""
    pods = "pods: {p: {bay: web, image: nginx, ports: [80, 53/udp], env: {A: 1}, command: [x], args: [y]}}\n"
    assert loaded(tmp_path, BASE + pods).pods == (
        model.Pod(
            name="p",
            bay="web",
            labels={"app": "p"},
            containers=(
                model.PodContainer(
                    name="p",
                    image="nginx",
                    command=("x",),
                    args=("y",),
                    env={"A": "1"},
                    ports=(
                        model.ContainerPort(container_port=80),
                        model.ContainerPort(container_port=53, protocol="UDP"),
                    ),
                ),
            ),
        ),
    )


SERVICE_PORTS = {
    "[80]": [(80, 80, "TCP", None)],
    '["80:8080"]': [(80, 8080, "TCP", None)],
    '["80:http"]': [(80, "http", "TCP", None)],
    "[53/udp, 53]": [(53, 53, "UDP", "udp-53"), (53, 53, "TCP", "tcp-53")],
    "[{port: 80, target_port: 8080, name: web}]": [(80, 8080, "TCP", "web")],
}


@pytest.mark.parametrize("written", SERVICE_PORTS)
def test_ports_of_a_service_have_short_forms(tmp_path: Path, written: str) -> None:
    """Several ports are given the names that Kubernetes asks for."""
    text = BASE + f"pods: {{p: {{bay: web, image: nginx}}}}\nservices: {{s: {{pod: p, ports: {written}}}}}\n"
    ports = loaded(tmp_path, text).services[0].ports
    assert [(port.port, port.target_port, port.protocol, port.name) for port in ports] == SERVICE_PORTS[written]


PUBLISHED = {
    '["6379:6379"]': (6379, 6379, "0.0.0.0", "tcp"),
    "[6379]": (6379, None, "0.0.0.0", "tcp"),
    '["127.0.0.1:8080:80/udp"]': (80, 8080, "127.0.0.1", "udp"),
    '["[::1]:8080:80"]': (80, 8080, "::1", "tcp"),
    '["127.0.0.1::80"]': (80, None, "127.0.0.1", "tcp"),
    "[{container_port: 80, host_port: 81}]": (80, 81, "0.0.0.0", "tcp"),
}


@pytest.mark.parametrize("written", PUBLISHED)
def test_published_ports_are_written_as_docker_does(tmp_path: Path, written: str) -> None:
    """HOST:CONTAINER with an address before and a protocol behind."""
    text = BASE + f"containers: {{one: {{bay: edge, image: redis, ports: {written}}}}}\n"
    port = loaded(tmp_path, text).containers[0].ports[0]
    assert (port.container_port, port.host_port, port.host_ip, port.protocol) == PUBLISHED[written]


def test_a_manifest_is_rendered_and_its_labels_are_known(tmp_path: Path) -> None:
    """A service may be short for a pod that comes from a manifest."""
    manifest = """\
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: "{{ site }}"}
        spec: {template: {metadata: {labels: {app: raw}}}}
        """
    write(tmp_path, manifest, "raw.yaml")
    text = BASE + "pods: {p: {bay: web, manifest: ./raw.yaml}}\nservices: {s: {pod: p, ports: [80]}}\n"
    found = loaded(tmp_path, text + "variables: {site: lab}\n")
    assert ('name: "lab"' in str(found.pods[0].manifest), found.services[0].selector, found.warnings) == (
        True,
        {"app": "raw"},
        (),
    )


def test_user_data_and_a_cni_of_ones_own_are_read(tmp_path: Path) -> None:
    """The manifest rendered, the cloud-config as it is."""
    write(tmp_path, "apiVersion: v1\nkind: Namespace\nmetadata: {name: '{{ each }}'}\n", "cni.yaml")
    write(tmp_path, "#cloud-config\nhostname: '{{ v1.region }}'\n", "extra.yaml")
    fields = "for_each: [x], user_data: ./extra.yaml, kubernetes: {cni: ./cni.yaml}"
    found = bay(tmp_path, fields)
    assert (found.user_data, found.kubernetes) == (
        "#cloud-config\nhostname: '{{ v1.region }}'\n",
        model.Kubernetes(cni="manifest", cni_manifest="apiVersion: v1\nkind: Namespace\nmetadata: {name: 'x'}\n"),
    )


def test_equal_blueprints_are_equal_values(tmp_path: Path) -> None:
    """Loading twice gives the same."""
    assert loaded(tmp_path, BASE) == loaded(tmp_path, BASE)
