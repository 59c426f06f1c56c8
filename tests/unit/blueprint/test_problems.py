"""What is wrong with a blueprint that is YAML: keys, values, and things that do not fit together."""

from __future__ import annotations

from pathlib import Path

import pytest

from .written import BASE, loaded, problems, told, write

KEYS = {
    "an unknown key": ("clouds: x\n", ["8:1 unknown key clouds (did you mean cloud?)"]),
    "a key in a short form's place": (
        "containers: {c: {bay: edge, image: x, ports: [{container: 1}]}}\n",
        [
            "8:47 container_port is missing here",
            "8:48 unknown key container (did you mean container_port?)",
        ],
    ),
    "a missing key": ("containers: {c: {bay: edge}}\n", ["8:14 image is missing here"]),
    "no mapping": ("pods: [a]\n", ["8:7 pods must be a mapping of names, not a list"]),
    "a wrong name": (
        "pods: {My_Pod: {bay: web, image: x}}\n",
        ['8:8 "My_Pod" is no valid name: at most 63 lower-case letters, digits and - (did you mean my-pod?)'],
    ),
    "a name that is too short for Docker": (
        "containers: {c: {bay: edge, image: x}}\n",
        ["8:14 the container c needs a longer name: Docker takes two characters or more"],
    ),
    "a wrong word": (
        "containers: {c: {bay: edge, image: x, restart: allways}}\n",
        ['8:48 restart must be no, always, unless-stopped or on-failure, not "allways" (did you mean always?)'],
    ),
    "a wrong number": (
        "pods: {p: {bay: web, image: x, replicas: many, ports: [99999]}}\n",
        [
            '8:42 replicas must be a whole number, not "many"',
            "8:56 container_port must be at most 65535, not 99999",
        ],
    ),
    "null for text": (
        "containers: {c: {bay: edge, image: x, env: {A: }}}\n",
        ['8:48 A must be text, not nothing (write "" for an empty text)'],
    ),
    "a command in one text": (
        "containers: {c: {bay: edge, image: x, command: sleep 1}}\n",
        ['8:48 command must be a list of words, not one text ([sh, -c, "..."])'],
    ),
    "two forms of a pod": (
        "pods: {p: {bay: web, image: x, manifest: y}}\n",
        ["8:8 a pod has either image, or containers, or manifest: exactly one of them"],
    ),
    "a service of nothing": (
        "services: {s: {bay: web, ports: [80]}}\n",
        ["8:12 a service needs pod, or both bay and selector (pod: NAME)"],
    ),
    "no port": ("services: {s: {pod: p, ports: []}}\n", None),
}
KEYS["no port"] = (
    "pods: {p: {bay: web, image: x}}\nservices: {s: {pod: p, ports: []}}\n",
    ["9:31 ports needs at least one entry"],
)


@pytest.mark.parametrize("name", KEYS)
def test_a_wrong_key_or_value_is_told_at_its_place(tmp_path: Path, name: str) -> None:
    """One readable problem for each, with the nearest valid word."""
    text, expected = KEYS[name]
    assert told(tmp_path, BASE + text) == expected


BAYS = {
    "an unknown baymodel": ("{baymodel: dockr}", "8:19 there is no baymodel dockr (did you mean docker?)"),
    "even control planes": (
        "{baymodel: k8s, control_plane: 2}",
        "8:39 control_plane must be 1, 3 or 5, not 2: etcd needs a majority (control_plane: 3)",
    ),
    "control planes on docker": (
        "{baymodel: docker, control_plane: 3}",
        "8:42 control_plane belongs to a Kubernetes bay, bad is a Docker bay",
    ),
    "kubernetes on docker": (
        "{baymodel: docker, kubernetes: {}}",
        "8:39 kubernetes belongs to a Kubernetes bay, bad is a Docker bay",
    ),
    "a load balancer on docker": (
        "{baymodel: docker, api: {endpoint: load-balancer}}",
        "8:43 a Docker bay has no load balancer: each of its nodes is reached by itself (floating-ip or private)",
    ),
    "pods over nodes": (
        "{baymodel: k8s, network: {cidr: 10.244.1.0/24}}",
        "8:40 pod_cidr 10.244.0.0/16 overlaps network.cidr 10.244.1.0/24 (give them addresses apart)",
    ),
    "services over pods": (
        "{baymodel: k8s, kubernetes: {service_cidr: 10.244.0.0/20}}",
        "8:51 service_cidr 10.244.0.0/20 overlaps kubernetes.pod_cidr 10.244.0.0/16 (give them addresses apart)",
    ),
    "a network too small": (
        "{baymodel: k8s, nodes: 6, network: {cidr: 10.1.0.0/29}}",
        "8:50 10.1.0.0/29 has room for 3 nodes, bad has 7",
    ),
    "host bits": (
        "{baymodel: k8s, network: {cidr: 10.1.0.1/24}}",
        '8:40 "10.1.0.1/24" is no network in CIDR form (did you mean 10.1.0.0/24?)',
    ),
    "half a network": (
        "{baymodel: k8s, network: {existing: a}}",
        "8:33 an existing network needs both existing and subnet",
    ),
    "no way out": (
        "{baymodel: k8s, external_network: null}",
        (
            "8:3 bad needs external_network: its endpoint is floating-ip "
            "(external_network: public, or api: {endpoint: private})"
        ),
    ),
    "no node": ("{baymodel: docker, nodes: 0}", "8:34 the Docker bay bad has no node (nodes: 1)"),
    "a kept name": (
        "{baymodel: k8s, nodes: {control-plane: 1}}",
        "8:47 the name control-plane is kept for the control plane (control_plane: 3)",
    ),
    "a foreign node removed": (
        "{baymodel: k8s, nodes: {g: {remove: [workers-1]}}}",
        "8:44 workers-1 is no node of the group g (g-0, g-1, ...)",
    ),
    "an unknown cni": (
        "{baymodel: k8s, kubernetes: {cni: calico}}",
        '8:36 cni must be flannel, none or a file, not "calico" (for a file write ./calico)',
    ),
    "words twice": ("{baymodel: k8s, for_each: [a, a]}", "8:38 a stands twice in for_each"),
    "a file outside": (
        "{baymodel: k8s, user_data: ../../etc/passwd}",
        "8:35 ../../etc/passwd: the file lies outside of the blueprint's folder (put the file beside the blueprint)",
    ),
    "a file that is not there": (
        "{baymodel: k8s, user_data: ./none.yaml}",
        "8:35 ./none.yaml: there is no such file",
    ),
    "a value taken away": (
        "{baymodel: k8s, flavor: null}",
        "8:32 flavor must be text, not nothing",
    ),
}


@pytest.mark.parametrize("name", BAYS)
def test_a_bay_that_cannot_be_is_told(tmp_path: Path, name: str) -> None:
    """Between the bay, its baymodel and its engine."""
    fields, expected = BAYS[name]
    assert told(tmp_path, f"{BASE}  bad: {fields}\n") == [expected]


WORKLOADS = {
    "an unknown bay": ("pods: {p: {bay: wbe, image: x}}", ["8:17 there is no bay wbe (did you mean web?)"]),
    "a pod on docker": (
        "pods: {p: {bay: edge, image: x}}",
        ["8:17 pods need a Kubernetes bay, edge is a Docker bay (on edge use containers)"],
    ),
    "a service on docker": (
        "services: {s: {bay: edge, selector: {a: b}, ports: [80]}}",
        ["8:21 services need a Kubernetes bay, edge is a Docker bay (on edge use containers)"],
    ),
    "a container on kubernetes": (
        "containers: {one: {bay: web, image: x}}",
        ["8:25 containers need a Docker bay, web is a Kubernetes bay (on web use pods)"],
    ),
    "an unknown node": (
        "containers: {one: {bay: edge, image: x, node: worker-1}}",
        ["8:47 the bay edge has no node worker-1 (did you mean workers-1?)"],
    ),
    "an unknown pod": ("services: {s: {pod: p, ports: [80]}}", ["8:21 there is no pod p"]),
    "a pod of another bay": (
        "pods: {p: {bay: web, image: x}}\nservices: {s: {pod: p, bay: edge, ports: [80]}}",
        [
            "9:29 services need a Kubernetes bay, edge is a Docker bay (on edge use containers)",
            "9:29 the pod p is in the bay web, not in edge (leave bay out)",
        ],
    ),
    "a host port of one node twice": (
        (
            'containers: {one: {bay: edge, image: x, node: workers-0, ports: ["80:80"]}, '
            'two: {bay: edge, image: x, node: workers-0, ports: ["80:81"]}}'
        ),
        ["8:129 host port 80/tcp of workers-0 is published by the container one already"],
    ),
    "a host port on more containers than nodes": (
        "containers:\n" + "".join(f'  c{n}: {{bay: edge, image: x, ports: ["80:80"]}}\n' for n in "123").rstrip(),
        ["11:37 host port 80/tcp is published by c1, c2 already, one for each node of edge"],
    ),
    "the engine's own port": (
        'containers: {one: {bay: edge, image: x, ports: ["2376:80"]}}',
        ["8:49 host port 2376/tcp is the Docker engine's own on every node"],
    ),
    "a port of one pod twice": (
        "pods: {p: {bay: web, containers: {a: {image: x, ports: [80]}, b: {image: x, ports: [80]}}}}",
        ["8:85 port 80/TCP is the container a's already"],
    ),
    "a node port twice": (
        (
            "pods: {p: {bay: web, image: x}}\nservices:\n"
            "  a: {pod: p, type: NodePort, ports: [{port: 80, node_port: 30080}]}\n"
            "  b: {pod: p, type: NodePort, ports: [{port: 81, node_port: 30080}]}"
        ),
        ["11:39 node_port 30080 is the service a's already"],
    ),
    "a node port of a ClusterIP": (
        "pods: {p: {bay: web, image: x}}\nservices: {a: {pod: p, ports: [{port: 80, node_port: 30080}]}}",
        ["9:12 node_port needs a service of type NodePort or LoadBalancer (type: NodePort)"],
    ),
}


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_workload_that_fits_nowhere_is_told(tmp_path: Path, name: str) -> None:
    """Between pods, services, containers, their bays and each other."""
    text, expected = WORKLOADS[name]
    assert told(tmp_path, f"{BASE}{text}\n") == expected


WARNINGS = {
    "services: {s: {bay: web, selector: {app: none}, ports: [80]}}": (
        "8: the service s selects no pod of the blueprint in web"
    ),
    "pods: {p: {bay: web, image: x, ports: [{container_port: 80, name: http}]}}\n"
    'services: {s: {pod: p, ports: ["80:https"]}}': "9: no pod of the service s names a port https",
}


@pytest.mark.parametrize("text", WARNINGS)
def test_what_may_be_meant_is_a_warning(tmp_path: Path, text: str) -> None:
    """It does not stop the user."""
    assert loaded(tmp_path, f"{BASE}{text}\n").warnings == (f"{tmp_path / 'blueprint.yaml'}:{WARNINGS[text]}",)


def test_three_control_planes_behind_one_floating_ip_are_a_warning(tmp_path: Path) -> None:
    """The address leads to the first of them only."""
    text = BASE.replace("nodes: 2", "control_plane: 3", 1)
    assert loaded(tmp_path, text).warnings == (
        (
            f"{tmp_path / 'blueprint.yaml'}:6: web has 3 control planes but its floating IP leads to the first one "
            "only; api: {endpoint: load-balancer} survives its loss"
        ),
    )


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    """A wrong baymodel hides neither what else is wrong nor makes its bays unknown."""
    text = """\
        version: 1
        baymodels: {m: {coe: docker, image: i, flavour: f}}
        bays: {b: {baymodel: m, nodes: x}}
        containers: {one: {bay: b, image: "a b"}, two: {bay: e, image: i}}
        """
    assert [(found.line, found.path) for found in problems(tmp_path, text)] == [
        (2, "baymodels.m.flavor"),
        (2, "baymodels.m.flavour"),
        (3, "bays.b.nodes.workers.count"),
        (4, "containers.one.image"),
        (4, "containers.two.bay"),
    ]


def test_two_things_of_one_name_are_told_across_files(tmp_path: Path) -> None:
    """The second names the place of the first."""
    other = write(tmp_path, "version: 1\nbays: {web: {baymodel: docker}}\n", "other.yaml")
    found = problems_of(write(tmp_path, BASE), other)
    assert found == [(other, f"bay web is here a second time, first in {tmp_path / 'blueprint.yaml'}:6")]


def test_two_files_name_one_cloud(tmp_path: Path) -> None:
    """A blueprint is of one cloud."""
    other = write(tmp_path, "version: 1\ncloud: b\n", "other.yaml")
    first = write(tmp_path, f"{BASE}cloud: a\n")
    assert problems_of(first, other) == [(other, f"one blueprint has one cloud: a is named in {first}:8")]


def problems_of(*files: Path) -> list[tuple[Path, str]]:
    from magnumctl.blueprint import load  # noqa: PLC0415 the others load one file
    from magnumctl.errors import InvalidBlueprintError  # noqa: PLC0415

    with pytest.raises(InvalidBlueprintError) as caught:
        load(files)
    return [(found.file, found.message) for found in caught.value.problems]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """A blueprint reads nothing that does not lie beside it."""
    secret = write(tmp_path, "#cloud-config\n{}\n", "secret.yaml")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.yaml").symlink_to(secret)
    file = write(tmp_path / "in", f"{BASE}  x: {{baymodel: k8s, user_data: link.yaml}}\n")
    assert problems_of(file) == [(file, "link.yaml: the file lies outside of the blueprint's folder")]


MANIFESTS = {
    "kind: Pod\n": "apiVersion is missing in this manifest",
    "apiVersion: v1\nkind: Pod\n": "metadata.name is missing in this manifest",
    "": "the manifest holds no object",
    "- a\n": "a manifest is a mapping with apiVersion, kind and metadata",
    "a: [\n": "this is not YAML: did not find expected node content while parsing a flow node",
    "a: '{{ x }}'\n": "there is no variable x",
}


@pytest.mark.parametrize("text", MANIFESTS)
def test_a_manifest_must_hold_objects(tmp_path: Path, text: str) -> None:
    """Its problems are told at the place in the manifest."""
    manifest = write(tmp_path, text, "m.yaml")
    file = write(tmp_path, f"{BASE}pods: {{p: {{bay: web, manifest: m.yaml}}}}\n")
    assert (manifest, MANIFESTS[text]) in problems_of(file)


def test_a_thousand_problems_are_cut_short(tmp_path: Path) -> None:
    """Nobody reads more than two hundred, and the hints for all of them would take long."""
    pods = "".join(f"  p{number}: {{bay: no{number}, image: x}}\n" for number in range(5000))
    assert len(problems(tmp_path, f"{BASE}pods:\n{pods}")) == 200


def test_a_long_line_is_cut_around_the_place(tmp_path: Path) -> None:
    """The caret stays under the value, however long the line."""
    entries = ", ".join(f"k{number}: v" for number in range(1000))
    found = problems(tmp_path, f"{BASE}pods: {{p: {{bay: web, image: x, env: {{{entries}, bad: []}}}}}}\n")[0]
    line, caret = found.excerpt.split("\n")
    assert (len(line) <= 110, line[caret.index("^") :].startswith("[]")) == (True, True)
