"""What each node is told, and what of it must rebuild the node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import yaml

from magnumctl.blueprint.model import Api, Bay, Kubernetes
from magnumctl.compiler import CompiledBay, compile_bay
from magnumctl.compiler.bay import zone_of
from magnumctl.errors import BlueprintError, MagnumctlError
from magnumctl.pki import BaySecrets
from tests.unit.compiler.bays import (
    DOCKER,
    IDENTITY,
    KUBERNETES,
    compiled,
    control_plane,
    docker_bay,
    group,
    kubernetes_bay,
)


def files(bay: CompiledBay, node: str) -> Mapping[str, str]:
    document = yaml.safe_load(bay.user_data[node])
    return {file["path"]: file["content"] for file in document["write_files"]}


def kubeadm(bay: CompiledBay, node: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(files(bay, node)["/etc/magnumctl/kubeadm.yaml"]))


def digests(bay: CompiledBay) -> dict[str, str]:
    groups = bay.variables.node_groups.values()
    return {name: node.digest for group in groups for name, node in group.nodes.items()}


def renewed() -> BaySecrets:
    assert KUBERNETES.kubernetes is not None
    token = {"bootstrap_token": "fedcba.fedcba9876543210"}
    return BaySecrets(kubernetes=KUBERNETES.kubernetes.model_copy(update=token))


def test_user_data_of_every_node_is_in_the_variables() -> None:
    """Terraform is told what compile shows."""
    bay = compiled(kubernetes_bay())
    assert bay.variables.user_data == bay.user_data
    assert list(bay.user_data) == ["control-plane-0", "workers-0", "workers-1"]


def test_only_control_planes_hold_keys_of_authorities() -> None:
    """A worker has the token and the hash of the CA, and no key."""
    bay = compiled(kubernetes_bay(control_plane(3), group("workers", 1)))
    holders = [node for node in bay.user_data if "/etc/kubernetes/pki/ca.key" in files(bay, node)]
    assert holders == ["control-plane-0", "control-plane-1", "control-plane-2"]


def test_the_key_that_signs_docker_clients_is_on_no_node() -> None:
    """Who holds a node's user-data cannot make itself a client."""
    bay = compiled(docker_bay())
    assert "never leaves the client" not in bay.variables.tfvars()


def test_a_docker_node_holds_only_its_own_authority() -> None:
    """workers-1 cannot sign for workers-0."""
    text = compiled(docker_bay()).user_data["workers-1"]
    assert ("key of workers-1's authority" in text, "key of workers-0's authority" in text) == (True, False)


def test_keys_are_readable_by_root_alone() -> None:
    """Every file that holds a private key or the token has mode 0600."""
    secret = ("key of", "key of it", "abcdef.0123456789abcdef")
    for bay in (compiled(kubernetes_bay(control_plane(3))), compiled(docker_bay())):
        for text in bay.user_data.values():
            written = yaml.safe_load(text)["write_files"]
            modes = {
                file["permissions"]
                for file in written
                if any(word in file["content"] for word in secret) and "public" not in file["content"]
            }
            assert modes == {"0600"}


def test_the_first_control_plane_begins_the_bay_and_the_others_join_it() -> None:
    """One InitConfiguration; each further control plane joins as one, a worker as none."""
    bay = compiled(kubernetes_bay(control_plane(3), group("workers", 1)))
    kinds = {node: [document["kind"] for document in kubeadm(bay, node)] for node in bay.user_data}
    assert kinds == {
        "control-plane-0": ["InitConfiguration", "ClusterConfiguration"],
        "control-plane-1": ["JoinConfiguration"],
        "control-plane-2": ["JoinConfiguration"],
        "workers-0": ["JoinConfiguration"],
    }
    joins = [node for node in bay.user_data if "controlPlane" in kubeadm(bay, node)[0]]
    assert joins == ["control-plane-1", "control-plane-2"]


def test_control_planes_take_pods_only_where_there_are_no_workers() -> None:
    """Kubernetes' own taint stays unless somebody has to run the pods."""
    with_workers = kubeadm(compiled(kubernetes_bay()), "control-plane-0")[0]["nodeRegistration"]
    alone = compiled(kubernetes_bay(control_plane(3)))
    taints = [kubeadm(alone, node)[0]["nodeRegistration"]["taints"] for node in alone.user_data]
    assert ("taints" in with_workers, taints) == (False, [[], [], []])


def test_a_version_without_patch_level_is_left_to_the_image() -> None:
    """The boot script fills in what the image's kubeadm is; a full version is taken as it is."""
    versions = [
        kubeadm(compiled(kubernetes_bay(kubernetes=Kubernetes(version=version))), "control-plane-0")[1][
            "kubernetesVersion"
        ]
        for version in ("1.34", "1.34.4")
    ]
    assert versions == ["@@KUBERNETES_VERSION@@", "v1.34.4"]


def test_the_certificate_of_the_api_names_every_way_to_it() -> None:
    """Floating IP, load balancer, private address: what Terraform fills in."""
    cluster = kubeadm(compiled(kubernetes_bay()), "control-plane-0")[1]
    assert cluster["apiServer"]["certSANs"][:4] == [
        "@@API_ADDRESS@@",
        "@@INTERNAL_API_ADDRESS@@",
        "@@NODE_ADDRESS@@",
        "@@FIXED_ADDRESS@@",
    ]


def test_nodes_reach_the_api_from_inside() -> None:
    """A floating IP, seen from behind its router, is nobody the security group knows."""
    bay = compiled(kubernetes_bay())
    cluster, join = kubeadm(bay, "control-plane-0")[1], kubeadm(bay, "workers-0")[0]
    inside = "@@INTERNAL_API_ADDRESS@@:6443"
    assert (cluster["controlPlaneEndpoint"], join["discovery"]["bootstrapToken"]["apiServerEndpoint"]) == (
        inside,
        inside,
    )


def test_a_worker_gives_itself_the_labels_of_its_bay_and_group() -> None:
    """The group's label wins over the bay's."""
    bay = kubernetes_bay(
        control_plane(1), group("workers", 1, labels={"tier": "front"}), labels={"tier": "x", "site": "lab"}
    )
    extra = kubeadm(compiled(bay), "workers-0")[0]["nodeRegistration"]["kubeletExtraArgs"]
    assert extra[1] == {
        "name": "node-labels",
        "value": "magnumctl.io/node-group=workers,site=lab,tier=front",
    }


@pytest.mark.parametrize("label", ["kubernetes.io/role", "node-role.kubernetes.io/front", "x.k8s.io/y"])
def test_a_label_that_stops_a_kubelet_is_refused(label: str) -> None:
    """The error names the group and the label; the node would never have come up."""
    bay = kubernetes_bay(control_plane(1), group("workers", 1, labels={label: "x"}))
    with pytest.raises(BlueprintError, match=f"node group workers of bay web .* {label}"):
        compiled(bay)


@pytest.mark.parametrize(
    "label", ["tier", "example.org/tier", "topology.kubernetes.io/zone", "node.kubernetes.io/x", "notk8s.io/y"]
)
def test_a_label_that_a_kubelet_may_have_is_taken(label: str) -> None:
    """Labels without a domain, of the user's domain, and the ones Kubernetes leaves to nodes."""
    bay = compiled(kubernetes_bay(control_plane(1), group("workers", 1, labels={label: "x"})))
    assert bay.variables.node_groups["workers"].labels == {label: "x"}


def test_values_stay_values() -> None:
    """A label that looks like YAML, a template or a shell command is the text that it is."""
    nasty = "x\"]\n    - name: evil\n{{ 1 + 1 }} $(reboot) ' %s @@"
    bay = kubernetes_bay(control_plane(1), group("workers", 1, labels={"tier": nasty}))
    extra = kubeadm(compiled(bay), "workers-0")[0]["nodeRegistration"]["kubeletExtraArgs"]
    assert extra[1]["value"] == f"magnumctl.io/node-group=workers,tier={nasty}"


@pytest.mark.parametrize(
    ("wish", "manifests"),
    [
        (Kubernetes(), ["10-admins.yaml", "20-flannel.yaml"]),
        (Kubernetes(cni="none"), ["10-admins.yaml"]),
        (Kubernetes(cni="manifest", cni_manifest="kind: X\n"), ["10-admins.yaml", "20-cni.yaml"]),
    ],
)
def test_the_bay_gets_the_network_that_was_asked_for(wish: Kubernetes, manifests: list[str]) -> None:
    """flannel, a manifest of the user's, or none; the admins' role always."""
    paths = files(compiled(kubernetes_bay(kubernetes=wish)), "control-plane-0")
    prefix = "/etc/magnumctl/manifests/"
    assert [path.removeprefix(prefix) for path in paths if path.startswith(prefix)] == manifests


def test_flannel_hands_out_the_addresses_of_the_blueprint() -> None:
    """The pod network of flannel and of kubeadm is the same."""
    bay = compiled(kubernetes_bay(kubernetes=Kubernetes(pod_cidr="10.99.0.0/16")))
    manifest = list(yaml.safe_load_all(files(bay, "control-plane-0")["/etc/magnumctl/manifests/20-flannel.yaml"]))
    config = next(one for one in manifest if one["kind"] == "ConfigMap")
    network = yaml.safe_load(config["data"]["net-conf.json"])["Network"]
    assert (network, kubeadm(bay, "control-plane-0")[1]["networking"]["podSubnet"]) == ("10.99.0.0/16",) * 2


@pytest.mark.parametrize("step", ["control-plane-0", "control-plane-1", "workers-0"])
@pytest.mark.parametrize("install", ["image", "packages"])
def test_a_boot_script_counts_its_stages_rightly(step: str, install: str) -> None:
    """The total on the console is the number of stages there are."""
    wish = Kubernetes.model_validate({"install": install})
    bay = compiled(kubernetes_bay(control_plane(3), group("workers", 1), kubernetes=wish))
    script = files(bay, step)["/etc/magnumctl/boot"]
    stages = [line for line in script.splitlines() if line.startswith("stage ")]
    assert f"stage $number/{len(stages)} $name" in script


def test_zones_are_taken_in_turn_by_the_number_of_the_node() -> None:
    """A node that goes away moves no other node to another zone."""
    zones = {"availability_zones": ("north", "south")}
    whole, holed = group("workers", 3, **zones), group("workers", 3, **zones, node_names=("workers-0", "workers-2"))
    assert [zone_of(whole, name) for name in whole.node_names] == ["north", "south", "north"]
    assert [zone_of(holed, name) for name in holed.node_names] == ["north", "north"]


def test_compiling_twice_gives_the_same() -> None:
    """The same blueprint and secrets give the same bytes."""
    assert compiled(kubernetes_bay()).variables.tfvars() == compiled(kubernetes_bay()).variables.tfvars()


def test_a_new_token_rebuilds_nothing() -> None:
    """Digests leave out what changes with time."""
    old, new = compiled(kubernetes_bay()), compiled(kubernetes_bay(), secrets=renewed())
    assert old.user_data != new.user_data
    assert (digests(old), old.digest) == (digests(new), new.digest)


def test_growing_a_group_rebuilds_no_node_that_exists() -> None:
    """The first nodes of a larger group are the same nodes; so is a control plane that gets its first workers."""
    small = digests(compiled(kubernetes_bay(control_plane(1))))
    large = digests(compiled(kubernetes_bay(control_plane(1), group("workers", 3))))
    assert {name: large[name] for name in small} == small


UNCHANGED = kubernetes_bay()
OTHERS = {
    "version": kubernetes_bay(kubernetes=Kubernetes(version="1.35")),
    "pod network": kubernetes_bay(kubernetes=Kubernetes(pod_cidr="10.99.0.0/16")),
    "endpoint": kubernetes_bay(api=Api(endpoint="load-balancer")),
    "user_data": kubernetes_bay(user_data="timezone: UTC\n"),
}


@pytest.mark.parametrize("change", OTHERS)
def test_what_a_node_cannot_change_while_it_lives_rebuilds_it(change: str) -> None:
    """Every node of the bay has another digest."""
    before, after = digests(compiled(UNCHANGED)), digests(compiled(OTHERS[change]))
    assert [name for name in before if before[name] == after[name]] == []


KEPT = {
    "allowed_cidrs": kubernetes_bay(api=Api(allowed_cidrs=("10.0.0.0/8",))),
    "flavor": kubernetes_bay(control_plane(1), group("workers", 2, flavor="m1.large")),
    "label of a control plane": kubernetes_bay(control_plane(1, labels={"x": "y"}), group("workers", 2)),
    "nameservers": kubernetes_bay(dns_nameservers=("9.9.9.9",)),
}


@pytest.mark.parametrize("change", KEPT)
def test_what_can_change_in_place_rebuilds_nothing(change: str) -> None:
    """No node has another digest."""
    assert digests(compiled(KEPT[change])) == digests(compiled(UNCHANGED))


def test_a_new_label_rebuilds_the_workers_of_its_group_alone() -> None:
    """A label of one group leaves the nodes of the others."""
    before = digests(compiled(UNCHANGED))
    after = digests(compiled(kubernetes_bay(control_plane(1), group("workers", 2, labels={"tier": "front"}))))
    assert [name for name in before if before[name] != after[name]] == ["workers-0", "workers-1"]


@pytest.mark.parametrize(("bay", "secrets"), [(docker_bay(), KUBERNETES), (kubernetes_bay(), DOCKER)])
def test_a_bay_does_not_change_its_coe(bay: Bay, secrets: BaySecrets) -> None:
    """Secrets of the other engine: the error names the bay and says what to do."""
    with pytest.raises(MagnumctlError, match=f"bay {bay.name} has no secrets for the coe {bay.coe}"):
        compiled(bay, secrets=secrets)


@pytest.mark.parametrize(
    ("standing", "kinds"),
    [
        ((), ["InitConfiguration", "ClusterConfiguration"]),
        (("control-plane-0",), ["InitConfiguration", "ClusterConfiguration"]),
        (("control-plane-0", "control-plane-1", "control-plane-2"), ["JoinConfiguration"]),
    ],
)
def test_nobody_makes_a_cluster_that_others_hold(standing: tuple[str, ...], kinds: list[str]) -> None:
    """The first control plane, made anew, joins those that stand; what must rebuild it stays the same."""
    bay = kubernetes_bay(control_plane(3), group("workers", 1))
    made = compile_bay(bay, replace(IDENTITY, control_planes=standing), KUBERNETES, (), ())
    assert [document["kind"] for document in kubeadm(made, "control-plane-0")] == kinds
    assert digests(made) == digests(compiled(bay))
