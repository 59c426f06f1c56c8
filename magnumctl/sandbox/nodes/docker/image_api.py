"""/images, and the small stores beside them: /networks and /volumes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from magnumctl.sandbox.nodes.docker.engine import Engine
from magnumctl.sandbox.nodes.docker.errors import EngineError
from magnumctl.sandbox.nodes.docker.filters import asked_filters, labelled
from magnumctl.sandbox.nodes.docker.images import Image, reference_of
from magnumctl.sandbox.nodes.docker.routing import Route, route
from magnumctl.sandbox.nodes.http import Answer, Json, Reply, Request, Stream, json_reply

Parts = Mapping[str, str]


class ImageApi:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._images = engine.images

    def routes(self) -> tuple[Route, ...]:
        return (
            route("GET /images/json", self._list),
            route("POST /images/create", self._pull),
            route("POST /images/load", self._load),
            route(
                "POST /images/prune",
                lambda _request, _parts: json_reply(200, {"ImagesDeleted": None, "SpaceReclaimed": 0}),
            ),
            route("GET /images/{name...}/json", self._inspect),
            route("GET /images/{name...}/history", self._history),
            route("POST /images/{name...}/tag", self._tag),
            route("DELETE /images/{name...}", self._remove),
            route("GET /distribution/{name...}/json", self._distribution),
        )

    def _list(self, request: Request, _parts: Parts) -> Answer:
        filters = asked_filters(request)
        wanted = {reference_of(each).familiar if "*" not in each else each for each in filters.get("reference", ())}

        def shown(image: Image) -> bool:
            names = {*image.tags, *(tag.rpartition(":")[0] + ":latest" for tag in image.tags)}
            return labelled(image.config.get("Labels"), filters) and (not wanted or bool(wanted & names))

        return json_reply(200, [image.summary() for image in self._images.all() if shown(image)])

    def _pull(self, request: Request, _parts: Parts) -> Answer:
        name, tag = request.parameter("fromImage"), request.parameter("tag")
        if not name:
            raise EngineError(400, "fromImage is required: images are not imported here")
        joined = f"{name}@{tag}" if tag.startswith("sha256:") else f"{name}:{tag}"
        reference = reference_of(joined if tag else name)
        return Stream(200, _lines(self._images.pull(reference)))

    def _load(self, request: Request, _parts: Parts) -> Answer:
        loaded = list(self._images.load(request.body))
        said = (
            {"stream": f"{'Loaded image ID' if name.startswith('sha256:') else 'Loaded image'}: {name}\n"}
            for name in loaded
        )
        return Stream(200, _lines(iter(list(said))))

    def _inspect(self, _request: Request, parts: Parts) -> Answer:
        return json_reply(200, self._images.find(parts["name"]).view())

    def _history(self, _request: Request, parts: Parts) -> Answer:
        image = self._images.find(parts["name"])
        layer = {
            "Id": image.id,
            "Created": int(image.created),
            "CreatedBy": "",
            "Tags": image.tags,
            "Size": 0,
            "Comment": "",
        }
        return json_reply(200, [layer])

    def _tag(self, request: Request, parts: Parts) -> Answer:
        target = request.parameter("repo")
        tag = request.parameter("tag")
        self._images.tag(parts["name"], f"{target}:{tag}" if tag else target)
        return Reply(201)

    def _remove(self, request: Request, parts: Parts) -> Answer:
        image = self._images.find(parts["name"])
        user = self._engine.user_of(lambda container: container.image == image.id)
        return json_reply(200, self._images.remove(parts["name"], user, force=request.flag("force")))

    def _distribution(self, _request: Request, parts: Parts) -> Answer:
        list(self._images.pull(reference_of(parts["name"])))
        platforms = [{"architecture": "amd64", "os": "linux"}]
        return json_reply(
            200, {"Descriptor": {"digest": self._images.find(parts["name"]).digests[0]}, "Platforms": platforms}
        )


def _lines(said: Iterator[Json]) -> Iterator[bytes]:
    return (json.dumps(each).encode() + b"\r\n" for each in said)


class NetworkApi:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._networks = engine.networks

    def routes(self) -> tuple[Route, ...]:
        return (
            route("GET /networks", self._list),
            route("POST /networks/create", self._create),
            route("POST /networks/prune", lambda _request, _parts: json_reply(200, {"NetworksDeleted": None})),
            route(
                "GET /networks/{name}",
                lambda _request, parts: json_reply(200, self._networks.find(parts["name"]).view()),
            ),
            route("DELETE /networks/{name}", self._remove),
            route("POST /networks/{name}/connect", self._connect),
            route("POST /networks/{name}/disconnect", self._disconnect),
        )

    def _list(self, request: Request, _parts: Parts) -> Answer:
        filters = asked_filters(request)
        names, ids = filters.get("name", ()), filters.get("id", ())
        shown = [
            each.view()
            for each in self._networks.all()
            if labelled(each.wish.get("Labels"), filters)
            and (not names or any(name in each.name for name in names))
            and (not ids or any(each.id.startswith(identity) for identity in ids))
        ]
        return json_reply(200, shown)

    def _create(self, request: Request, _parts: Parts) -> Answer:
        return json_reply(201, {"Id": self._networks.create(request.json()).id, "Warning": ""})

    def _remove(self, _request: Request, parts: Parts) -> Answer:
        self._networks.remove(parts["name"])
        return Reply(204)

    def _connect(self, request: Request, parts: Parts) -> Answer:
        network, container = self._networks.find(parts["name"]), self._engine.find(request.json()["Container"])
        if network.name in container.networks:
            raise EngineError(403, f"endpoint with name {container.name} already exists in network {network.name}")
        endpoint = container.networks.setdefault(network.name, network.endpoint(None))
        if container.running:
            network.connect(container.id, container.name, endpoint)
        return Reply(200)

    def _disconnect(self, request: Request, parts: Parts) -> Answer:
        network, container = self._networks.find(parts["name"]), self._engine.find(request.json()["Container"])
        if network.name not in container.networks:
            raise EngineError(500, f"container {container.id} is not connected to network {network.name}")
        network.disconnect(container.id, container.networks.pop(network.name))
        return Reply(200)


class VolumeApi:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._volumes = engine.volumes

    def routes(self) -> tuple[Route, ...]:
        return (
            route("GET /volumes", self._list),
            route(
                "POST /volumes/create", lambda request, _parts: json_reply(201, self._volumes.create(request.json()))
            ),
            route(
                "POST /volumes/prune",
                lambda _request, _parts: json_reply(200, {"VolumesDeleted": [], "SpaceReclaimed": 0}),
            ),
            route("GET /volumes/{name}", lambda _request, parts: json_reply(200, self._volumes.find(parts["name"]))),
            route("DELETE /volumes/{name}", self._remove),
        )

    def _list(self, request: Request, _parts: Parts) -> Answer:
        filters = asked_filters(request)
        names = filters.get("name", ())
        shown = [
            each
            for each in self._volumes.all()
            if labelled(each["Labels"], filters) and (not names or any(name in each["Name"] for name in names))
        ]
        return json_reply(200, {"Volumes": shown, "Warnings": None})

    def _remove(self, request: Request, parts: Parts) -> Answer:
        name = parts["name"]
        user = self._engine.user_of(lambda container: any(mount.get("Name") == name for mount in container.mounts))
        self._volumes.remove(name, user, force=request.flag("force"))
        return Reply(204)
