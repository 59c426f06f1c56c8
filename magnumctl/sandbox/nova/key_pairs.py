"""Key pairs belong to users."""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from magnumctl.sandbox.nova.records import KeyPair
from magnumctl.sandbox.nova.refusals import bad, conflict, forbidden, missing
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, Reply, empty


def _body(pair: KeyPair, call: Call) -> Json:
    body: Json = {"name": pair.name, "public_key": pair.public_key, "fingerprint": pair.fingerprint}
    if call.microversion >= (2, 2):
        body["type"] = pair.type
    return body


def _user(call: Call) -> str:
    asked = call.first("user_id")
    if asked and asked != call.caller.user_id and not call.caller.is_admin:
        raise forbidden("Policy doesn't allow os_compute_api:os-keypairs:index to be performed.")
    return asked or call.caller.user_id


def found(cloud: Cloud, name: str, user_id: str) -> KeyPair:
    pair = cloud.nova.key_pairs.get((user_id, name))
    if pair is None:
        raise missing(f"Keypair {name} not found for user {user_id}")
    return pair


def index(cloud: Cloud, call: Call) -> Reply:
    mine = [pair for (user, _), pair in cloud.nova.key_pairs.items() if user == _user(call)]
    return Reply({"keypairs": [{"keypair": _body(pair, call)} for pair in sorted(mine, key=lambda it: it.name)]})


def show(cloud: Cloud, call: Call) -> Reply:
    pair = found(cloud, call.part("name"), _user(call))
    more = {
        "user_id": pair.user_id,
        "created_at": pair.created_at,
        "deleted": False,
        "deleted_at": None,
        "updated_at": None,
        "id": 1,
    }
    return Reply({"keypair": _body(pair, call) | more})


def create(cloud: Cloud, call: Call) -> Reply:
    wish = call.resource("keypair")
    user = str(wish.get("user_id") or call.caller.user_id)
    name = str(wish.get("name", ""))
    if (user, name) in cloud.nova.key_pairs:
        raise conflict(f"Key pair '{name}' already exists.")
    if (
        sum(1 for owner, _ in cloud.nova.key_pairs if owner == user)
        >= cloud.nova.quota(call.caller.project_id)["key_pairs"]
    ):
        raise forbidden("Quota exceeded, too many key pairs.")
    public, private = (wish["public_key"], None) if wish.get("public_key") else _generated()
    pair = KeyPair(name, user, public, _fingerprint(public), str(wish.get("type", "ssh")))
    cloud.nova.key_pairs[user, name] = pair
    body = _body(pair, call) | {"user_id": user} | ({"private_key": private} if private else {})
    return Reply({"keypair": body}, 201 if call.microversion >= (2, 2) else 200)


def _generated() -> tuple[str, str]:
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    return f"{public.decode()} Generated-by-Nova", private.decode()


def _fingerprint(public_key: str) -> str:
    try:
        digest = hashlib.md5(base64.b64decode(public_key.split()[1], validate=True), usedforsecurity=False).hexdigest()
    except (IndexError, binascii.Error) as exc:
        raise bad("Keypair data is invalid: failed to generate fingerprint") from exc
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def delete(cloud: Cloud, call: Call) -> Reply:
    pair = found(cloud, call.part("name"), _user(call))
    del cloud.nova.key_pairs[pair.user_id, pair.name]
    return empty(204 if call.microversion >= (2, 2) else 202)
