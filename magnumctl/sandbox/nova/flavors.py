from __future__ import annotations

from magnumctl.sandbox.nova import bodies
from magnumctl.sandbox.nova.records import Flavor
from magnumctl.sandbox.nova.refusals import admins_only, conflict, missing
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Reply, empty, page


def found(cloud: Cloud, flavor_id: str) -> Flavor:
    flavor = cloud.nova.flavors.get(flavor_id)
    if flavor is None:
        raise missing(f"Flavor {flavor_id} could not be found.")
    return flavor


def _listed(cloud: Cloud, call: Call) -> list[Flavor]:
    ram, disk = int(call.first("minRam") or 0), int(call.first("minDisk") or 0)
    return sorted(
        (it for it in cloud.nova.flavors.values() if it.ram >= ram and it.disk >= disk), key=lambda it: it.ram
    )


def index(cloud: Cloud, call: Call) -> Reply:
    names = ("id", "name", "links", *(("description",) if call.microversion >= (2, 55) else ()))
    rows = [bodies.flavor(it, call) for it in _listed(cloud, call)]
    return Reply({"flavors": [{name: row[name] for name in names} for row in page(rows, call)]})


def details(cloud: Cloud, call: Call) -> Reply:
    return Reply({"flavors": page([bodies.flavor(it, call) for it in _listed(cloud, call)], call)})


def show(cloud: Cloud, call: Call) -> Reply:
    return Reply({"flavor": bodies.flavor(found(cloud, call.part("id")), call)})


def create(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise admins_only("os-flavor-manage:create")
    wish = call.resource("flavor")
    flavor = Flavor(wish["name"], int(wish["vcpus"]), int(wish["ram"]), int(wish["disk"]))
    flavor.id = wish.get("id") or wish.get("flavorid") or flavor.id
    if any(flavor.name == it.name or flavor.id == it.id for it in cloud.nova.flavors.values()):
        raise conflict(f"Flavor with name {flavor.name} already exists.")
    cloud.nova.flavors[flavor.id] = flavor
    return Reply({"flavor": bodies.flavor(flavor, call)})


def delete(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise admins_only("os-flavor-manage:delete")
    del cloud.nova.flavors[found(cloud, call.part("id")).id]
    return empty(202)


def extra_specs(cloud: Cloud, call: Call) -> Reply:
    return Reply({"extra_specs": found(cloud, call.part("id")).extra_specs})


def set_extra_specs(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise admins_only("os-flavor-extra-specs:create")
    flavor = found(cloud, call.part("id"))
    flavor.extra_specs.update(call.resource("extra_specs"))
    return Reply({"extra_specs": flavor.extra_specs})
