from __future__ import annotations

import hashlib
from typing import Any

from magnumctl.sandbox.discovery import version
from magnumctl.sandbox.glance.records import Image
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Caller, Json, RefusedError, Reply, empty, now

_FIELDS = ("name", "visibility", "disk_format", "container_format", "min_disk", "min_ram", "protected", "tags")
_READ_ONLY = frozenset(
    {"status", "owner", "size", "checksum", "created_at", "updated_at", "file", "schema", "self", "direct_url"}
)


def versions(_cloud: Cloud, call: Call) -> Reply:
    url = f"{call.root_url}/image/v2/"
    rows = [version("v2.16", url), *(version(f"v2.{minor}", url, status="SUPPORTED") for minor in range(15, -1, -1))]
    kept = [{name: row[name] for name in ("id", "status", "links")} for row in rows]
    return Reply({"versions": kept}, 300 if call.path.rstrip("/") == "/image" else 200)


def schema(_cloud: Cloud, call: Call) -> Reply:
    name = call.part("name")
    return Reply(
        {
            "name": name.removesuffix("s") if name != "images" else "images",
            "properties": {},
            "additionalProperties": {"type": "string"},
        }
    )


def body(image: Image) -> Json:
    return {
        **image.properties,
        "id": image.id,
        "name": image.name,
        "owner": image.owner,
        "status": image.status,
        "visibility": image.visibility,
        "disk_format": image.disk_format,
        "container_format": image.container_format,
        "min_disk": image.min_disk,
        "min_ram": image.min_ram,
        "size": image.size,
        "virtual_size": None,
        "checksum": image.checksum,
        "os_hash_algo": "sha512" if image.digest else None,
        "os_hash_value": image.digest,
        "os_hidden": False,
        "protected": image.protected,
        "tags": image.tags,
        "created_at": image.created_at,
        "updated_at": image.updated_at,
        "self": f"/v2/images/{image.id}",
        "file": f"/v2/images/{image.id}/file",
        "schema": "/v2/schemas/image",
    }


def visible(image: Image, caller: Caller) -> bool:
    return image.visibility in {"public", "community"} or caller.owns(image.owner)


def _found(cloud: Cloud, call: Call) -> Image:
    image = cloud.glance.images.get(call.part("id"))
    if image is None or not visible(image, call.caller):
        raise RefusedError(404, f"No image found with ID {call.part('id')}")
    return image


def _own(cloud: Cloud, call: Call, action: str) -> Image:
    image = _found(cloud, call)
    if not call.caller.owns(image.owner):
        raise RefusedError(403, f"You are not authorized to complete {action} action.")
    return image


def index(cloud: Cloud, call: Call) -> Reply:
    rows = [
        body(image) for image in cloud.glance.images.values() if visible(image, call.caller) and _wanted(image, call)
    ]
    rows.sort(key=lambda row: str(row["created_at"]), reverse=True)
    rows, after = _page(rows, call)
    answer: Json = {"images": rows, "first": "/v2/images", "schema": "/v2/schemas/images"}
    if after:
        answer["next"] = f"/v2/images?marker={after}&limit={call.first('limit')}"
    return Reply(answer)


def _page(rows: list[Json], call: Call) -> tuple[list[Json], str]:
    marker, limit = call.first("marker"), int(call.first("limit") or 0)
    ids = [row["id"] for row in rows]
    start = ids.index(marker) + 1 if marker in ids else 0
    cut = rows[start : start + limit] if limit else rows[start:]
    more = bool(limit) and start + limit < len(rows)
    return cut, cut[-1]["id"] if more and cut else ""


_NOT_FILTERS = frozenset(
    {"limit", "marker", "sort", "sort_key", "sort_dir", "member_status", "os_hidden", "size_min", "size_max", "tag"}
)


def _wanted(image: Image, call: Call) -> bool:
    shown = body(image)
    if any(tag not in image.tags for tag in call.query.get("tag", ())):
        return False
    return all(_accepts(shown, name, terms[0]) for name, terms in call.query.items() if name not in _NOT_FILTERS)


def _accepts(shown: Json, name: str, term: str) -> bool:
    value = str(shown.get(name))
    if name == "visibility" and term == "all":
        return True
    if term.startswith("in:"):
        return value in term.removeprefix("in:").replace('"', "").split(",")
    return value.lower() == term.lower() if name == "protected" else value == term


def show(cloud: Cloud, call: Call) -> Reply:
    return Reply(body(_found(cloud, call)))


def create(cloud: Cloud, call: Call) -> Reply:
    wish = call.json()
    image = Image(str(wish.get("name", "")), call.caller.project_id, status="queued", visibility="shared", size=None)
    if wish.get("visibility") == "public" and not call.caller.is_admin:
        raise RefusedError(403, "You are not authorized to complete publicize_image action.")
    for name, value in wish.items():
        _set(image, name, value)
    image.id = wish.get("id", image.id)
    cloud.glance.images[image.id] = image
    return Reply(body(image), 201, {"Location": f"{call.root_url}/image/v2/images/{image.id}"})


def _set(image: Image, name: str, value: Any) -> None:
    if name in _READ_ONLY:
        raise RefusedError(403, f"Attribute '{name}' is read-only.")
    if name in _FIELDS:
        setattr(image, name, value)
    elif name != "id":
        image.properties[name] = value


def update(cloud: Cloud, call: Call) -> Reply:
    """A JSON patch of one level."""
    image = _own(cloud, call, "modify_image")
    for change in call.patch():
        name = str(change["path"]).lstrip("/").replace("~1", "/").replace("~0", "~")
        if change["op"] == "remove":
            image.properties.pop(name, None)
        else:
            _set(image, name, change["value"])
    image.updated_at = now()
    return Reply(body(image))


def delete(cloud: Cloud, call: Call) -> Reply:
    image = _own(cloud, call, "delete_image")
    if image.protected:
        raise RefusedError(403, f"Image {image.id} is protected and cannot be deleted.")
    del cloud.glance.images[image.id]
    cloud.glance.contents.pop(image.id, None)
    return empty()


def upload(cloud: Cloud, call: Call) -> Reply:
    image = _own(cloud, call, "upload_image")
    if image.status != "queued":
        raise RefusedError(409, f"Image status transition from {image.status} to saving is not allowed")
    image.size = len(call.body)
    image.checksum = hashlib.md5(call.body, usedforsecurity=False).hexdigest()
    image.digest = hashlib.sha512(call.body).hexdigest()
    image.status, image.updated_at = "active", now()
    cloud.glance.contents[image.id] = call.body
    return empty()


def download(cloud: Cloud, call: Call) -> Reply:
    content = cloud.glance.contents.get(_found(cloud, call).id, b"")
    return Reply(content, 200 if content else 204, {"Content-Type": "application/octet-stream"})


def add_tag(cloud: Cloud, call: Call) -> Reply:
    image = _own(cloud, call, "modify_image")
    image.tags = sorted({*image.tags, call.part("tag")})
    return empty()


def drop_tag(cloud: Cloud, call: Call) -> Reply:
    image = _own(cloud, call, "modify_image")
    image.tags = [tag for tag in image.tags if tag != call.part("tag")]
    return empty()


def members(_cloud: Cloud, _call: Call) -> Reply:
    return Reply({"members": [], "schema": "/v2/schemas/members"})
