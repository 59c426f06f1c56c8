from __future__ import annotations

from .api import IMAGE, Api, eventually


def volumes(api: Api) -> str:
    return f"/volume/v3/{api.project_id}/volumes"


def test_a_volume_becomes_available(demo: Api) -> None:
    """creating, then available."""
    volume = demo.post(volumes(demo), {"volume": {"size": 1}}).body["volume"]

    def look() -> str:
        return str(demo.get(f"{volumes(demo)}/{volume['id']}")["volume"]["status"])

    assert (volume["status"], eventually(look, lambda seen: seen == "available")) == ("creating", "available")


TOO_LARGE = (
    "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. "
    "Requested 9999G, quota is 2000G and 0G has been consumed."
)


def test_too_many_gigabytes_are_told_in_cinders_words(demo: Api) -> None:
    """413 overLimit."""
    answer = demo.post(volumes(demo), {"volume": {"size": 9999}})
    assert (answer.status, answer.body["overLimit"]["message"]) == (413, TOO_LARGE)


def test_an_unknown_volume_type_is_refused(demo: Api) -> None:
    """404 with its name."""
    answer = demo.post(volumes(demo), {"volume": {"size": 1, "volume_type": "slow"}})
    assert (answer.status, answer.body["itemNotFound"]["message"]) == (
        404,
        "Volume type with name slow could not be found.",
    )


def test_projects_do_not_see_each_others_volumes(demo: Api, other: Api) -> None:
    """404."""
    volume = demo.post(volumes(demo), {"volume": {"size": 1}}).body["volume"]["id"]
    assert other.call("GET", f"{volumes(other)}/{volume}").status == 404


def test_the_cloud_is_born_with_three_images(demo: Api) -> None:
    """Their names are the contract's."""
    names = sorted(it["name"] for it in demo.get(f"{IMAGE}/images")["images"])
    assert names == ["debian-12-docker", "debian-12-kube", "ubuntu-24.04"]


def test_an_uploaded_image_is_active_and_private(demo: Api, other: Api) -> None:
    """queued, active after its upload, and unseen by others."""
    image = demo.post(f"{IMAGE}/images", {"name": "own", "disk_format": "raw", "container_format": "bare"}).body
    demo.client.put(f"{IMAGE}/images/{image['id']}/file", data=b"abc", headers={"X-Auth-Token": demo.secret})
    after = demo.get(f"{IMAGE}/images/{image['id']}")
    unseen = other.call("GET", f"{IMAGE}/images/{image['id']}").status
    assert (image["status"], after["status"], after["size"], unseen) == ("queued", "active", 3, 404)
