"""One node, seen from the cloud and from inside the bay, and its console."""

from __future__ import annotations

from .command import Magnumctl


def test_a_node_is_shown_from_both_sides(both: Magnumctl) -> None:
    """Nova's status, flavor and host, and Kubernetes' condition, version and labels."""
    node = both.report("node", "show", "workers-0", "--bay", "web")["node"]
    assert (node["bay"], node["role"], node["server"]["status"], node["engine"]["status"]) == (
        "web",
        "worker",
        "ACTIVE",
        "ready",
    )
    assert node["server"]["flavor"] == "m1.small"
    assert node["server"]["host_id"] != ""
    assert node["engine"]["labels"]["kubernetes.io/hostname"] == "web-workers-0"


def test_a_servers_name_will_do(both: Magnumctl) -> None:
    """`web-workers-0` is the node `workers-0` of the bay `web`."""
    assert both.report("node", "show", "web-workers-0")["node"]["name"] == "workers-0"


def test_an_unknown_node_is_told_with_the_nearest(both: Magnumctl) -> None:
    """Wrong usage, and what was meant."""
    finished = both("node", "show", "worker-0")
    assert (finished.exit_code, "did you mean workers-0?" in finished.stderr) == (64, True)


def test_the_console_begins_with_the_stages(both: Magnumctl) -> None:
    """What the boot has come through; `--lines 0` shows nothing else."""
    report = both.report("node", "console", "web-workers-0", "--lines", "0")
    assert (report["stages"][0], report["lines"]) == ("stage 1/3 image", [])
    assert both.must("node", "console", "web-workers-0").stdout.splitlines()[0] == report["stages"][0]


def test_a_baymodel_is_shown_as_its_bays_would_get_it(both: Magnumctl) -> None:
    """Defaults are filled in, and names have the cloud's ids."""
    assert both.report("baymodel", "list")["baymodels"][1] == {
        "name": "k8s-small",
        "coe": "kubernetes",
        "bays": ["web"],
    }
    report = both.report("baymodel", "show", "k8s-small")
    (bay,) = report["bays"]
    assert (bay["pod_cidr"], bay["allowed_cidrs"]) == ("10.244.0.0/16", ["127.0.0.1/32"])
    assert {(row["kind"], row["name"]) for row in report["names"] if row["id"]} == {
        ("image", "debian-12-kube"),
        ("flavor", "m1.small"),
        ("network", "public"),
    }
