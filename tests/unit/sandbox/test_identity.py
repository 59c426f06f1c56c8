from __future__ import annotations

from .api import NETWORK, Api, Doors


def test_a_wrong_password_is_told_in_keystones_words(doors: Doors) -> None:
    """401 with Keystone's sentence."""
    answer = doors.password("demo", "demo", "wrong")
    assert (answer.status_code, answer.json["error"]["message"]) == (
        401,
        "The request you have made requires authentication.",
    )


def test_a_user_has_no_token_for_a_project_without_a_role(doors: Doors) -> None:
    """demo may not enter other's project."""
    assert doors.password("demo", "other").status_code == 401


def test_a_token_names_its_project_roles_and_services(doors: Doors) -> None:
    """What clients read from a token is in it."""
    token = doors.password("demo", "demo").json["token"]
    seen = (
        token["project"]["name"],
        [role["name"] for role in token["roles"]],
        sorted(it["type"] for it in token["catalog"]),
    )
    assert seen == (
        "demo",
        ["member", "reader"],
        ["block-storage", "compute", "identity", "image", "load-balancer", "network", "volumev3"],
    )


def test_a_revoked_token_opens_nothing(demo: Api) -> None:
    """DELETE /auth/tokens ends a token."""
    demo.call("DELETE", "/identity/v3/auth/tokens", None, {"X-Subject-Token": demo.secret})
    assert demo.call("GET", f"{NETWORK}/networks").status == 401


def test_a_token_can_be_exchanged_for_another(doors: Doors, demo: Api) -> None:
    """Method `token` keeps the expiry and names both methods."""
    scope = {"project": {"id": demo.project_id}}
    token = doors.token({"methods": ["token"], "token": {"id": demo.secret}}, scope).json["token"]
    assert (token["methods"], token["project"]["id"]) == (["token", "password"], demo.project_id)


def make_credential(api: Api, **wish: object) -> dict[str, str]:
    path = f"/identity/v3/users/{api.user_id}/application_credentials"
    return dict(api.post(path, {"application_credential": {"name": "ci", **wish}}).body["application_credential"])


def enter_with(doors: Doors, credential: dict[str, str]) -> object:
    given = {"id": credential["id"], "secret": credential["secret"]}
    return doors.token({"methods": ["application_credential"], "application_credential": given})


def test_an_application_credential_is_bound_to_its_project(doors: Doors, demo: Api) -> None:
    """Its token is scoped without asking."""
    answer = enter_with(doors, make_credential(demo))
    assert answer.json["token"]["project"]["id"] == demo.project_id


def test_an_expired_application_credential_is_refused(doors: Doors, demo: Api) -> None:
    """401 after expires_at."""
    credential = make_credential(demo, expires_at="2001-01-01T00:00:00.000000")
    assert enter_with(doors, credential).status_code == 401


def test_a_restricted_application_credential_makes_no_others(doors: Doors, demo: Api) -> None:
    """403, as in Keystone."""
    answer = enter_with(doors, make_credential(demo))
    api = Api(doors.client, answer.headers["X-Subject-Token"], answer.json["token"])
    path = f"/identity/v3/users/{api.user_id}/application_credentials"
    assert api.post(path, {"application_credential": {"name": "more"}}).status == 403


def test_a_deleted_application_credential_takes_its_tokens_along(doors: Doors, demo: Api) -> None:
    """What it opened is closed with it."""
    credential = make_credential(demo)
    answer = enter_with(doors, credential)
    demo.delete(f"/identity/v3/users/{demo.user_id}/application_credentials/{credential['id']}")
    api = Api(doors.client, answer.headers["X-Subject-Token"], answer.json["token"])
    assert api.call("GET", f"{NETWORK}/networks").status == 401


def reader(doors: Doors, admin: Api, project_id: str) -> Api:
    user = admin.post("/identity/v3/users", {"user": {"name": "eve", "password": "sandbox"}}).body["user"]["id"]
    role = admin.get("/identity/v3/roles?name=reader")["roles"][0]["id"]
    admin.put(f"/identity/v3/projects/{project_id}/users/{user}/roles/{role}", None)
    return doors.enter("eve", "demo")


def test_a_reader_reads(doors: Doors, admin: Api, demo: Api) -> None:
    """The role reader sees what the project has."""
    demo.network()
    names = [it["name"] for it in reader(doors, admin, demo.project_id).get(f"{NETWORK}/networks")["networks"]]
    assert sorted(names) == ["n", "public"]


def test_a_reader_changes_nothing(doors: Doors, admin: Api, demo: Api) -> None:
    """403 with Neutron's sentence about its policy."""
    answer = reader(doors, admin, demo.project_id).post(f"{NETWORK}/networks", {"network": {}})
    assert (answer.status, answer.body["NeutronError"]["message"]) == (
        403,
        "rule:create_network is disallowed by policy",
    )


def test_only_an_administrator_lists_users(demo: Api) -> None:
    """403 for everybody else."""
    assert demo.call("GET", "/identity/v3/users").status == 403
