"""POST /v3/auth/tokens: password, token and application_credential, with or without a project."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from magnumctl.sandbox.keystone.records import (
    DOMAIN,
    TOKEN_LIFE,
    ApplicationCredential,
    KeystoneRecords,
    Project,
    Token,
    User,
)
from magnumctl.sandbox.wire import NOBODY, Caller, Json, RefusedError

TIME = "%Y-%m-%dT%H:%M:%S.000000Z"


@dataclass(frozen=True)
class Proof:
    """Who the caller has shown to be, and what that proof is bound to."""

    user: User
    methods: tuple[str, ...]
    project_id: str = ""
    credential: ApplicationCredential | None = None
    expires_at: datetime | None = None


def unauthorized() -> RefusedError:
    return RefusedError(401, "The request you have made requires authentication.", "Unauthorized")


def caller_of(records: KeystoneRecords, secret: str) -> Caller:
    token = records.tokens.get(secret)
    if token is None or token.expired or not _alive(records, token):
        return NOBODY
    user = records.users[token.user_id]
    return Caller(user.id, user.name, token.project_id, frozenset(token.roles))


def _alive(records: KeystoneRecords, token: Token) -> bool:
    if token.application_credential_id and token.application_credential_id not in records.application_credentials:
        return False
    user = records.users.get(token.user_id)
    return user is not None and user.enabled and (not token.project_id or token.project_id in records.projects)


def issue(records: KeystoneRecords, auth: Json) -> Token:
    proof = _proof(records, auth.get("identity") or {})
    project_id = _scope(records, proof, auth.get("scope"))
    issued = datetime.now(UTC).replace(microsecond=0)
    token = Token(
        secret="gAAAAA" + secrets.token_urlsafe(48),
        user_id=proof.user.id,
        project_id=project_id,
        roles=_roles(records, proof, project_id),
        methods=proof.methods,
        audit_id=secrets.token_urlsafe(16),
        issued_at=issued,
        expires_at=min(issued + TOKEN_LIFE, proof.expires_at or datetime.max.replace(tzinfo=UTC)),
        application_credential_id=proof.credential.id if proof.credential else "",
    )
    records.tokens = {secret: held for secret, held in records.tokens.items() if not held.expired}
    records.tokens[token.secret] = token
    return token


def _roles(records: KeystoneRecords, proof: Proof, project_id: str) -> tuple[str, ...]:
    if not project_id:
        return ()
    held = records.roles_of(proof.user.id, project_id)
    roles = tuple(role for role in held if proof.credential is None or role in proof.credential.roles)
    if not roles:
        raise unauthorized()
    return roles


def _proof(records: KeystoneRecords, identity: Json) -> Proof:
    methods = identity.get("methods") or []
    ways = {"password": _by_password, "token": _by_token, "application_credential": _by_credential}
    if len(methods) != 1 or methods[0] not in ways:
        raise unauthorized()
    proof = ways[methods[0]](records, identity.get(methods[0]) or {})
    if not proof.user.enabled:
        raise unauthorized()
    return proof


def _by_password(records: KeystoneRecords, given: Json) -> Proof:
    wanted = given.get("user") or {}
    user = _user(records, wanted)
    if user is None or not secrets.compare_digest(user.password, str(wanted.get("password", ""))):
        raise unauthorized()
    return Proof(user, ("password",))


def _by_token(records: KeystoneRecords, given: Json) -> Proof:
    token = records.tokens.get(str(given.get("id", "")))
    if token is None or token.expired or not _alive(records, token):
        raise unauthorized()
    if token.application_credential_id:
        raise RefusedError(
            403, "Using method 'token' with an application credential token is not allowed.", "Forbidden"
        )
    return Proof(
        records.users[token.user_id], (*dict.fromkeys(("token", *token.methods)),), expires_at=token.expires_at
    )


def _by_credential(records: KeystoneRecords, given: Json) -> Proof:
    credential = _credential(records, given)
    if credential is None or not secrets.compare_digest(credential.secret, str(given.get("secret", ""))):
        raise unauthorized()
    user = records.users.get(credential.user_id)
    expires = _time(credential.expires_at)
    if user is None or (expires and expires <= datetime.now(UTC)):
        raise unauthorized()
    return Proof(user, ("application_credential",), credential.project_id, credential, expires)


def _credential(records: KeystoneRecords, given: Json) -> ApplicationCredential | None:
    if "id" in given:
        return records.application_credentials.get(str(given["id"]))
    user = _user(records, given.get("user") or {})
    owned = (item for item in records.application_credentials.values() if user and item.user_id == user.id)
    return next((item for item in owned if item.name == given.get("name")), None)


def _user(records: KeystoneRecords, wanted: Json) -> User | None:
    if "id" in wanted:
        return records.users.get(str(wanted["id"]))
    return records.user_named(str(wanted.get("name", ""))) if in_default_domain(wanted) else None


def in_default_domain(wanted: Json) -> bool:
    domain = wanted.get("domain") or {}
    return domain.get("id", DOMAIN) == DOMAIN and str(domain.get("name", "Default")).lower() == "default"


def _scope(records: KeystoneRecords, proof: Proof, scope: Json | str | None) -> str:
    """The project the token is for; "" for none."""
    if proof.credential:
        if scope:
            raise unauthorized()
        return proof.project_id
    if scope is None:
        return proof.user.default_project_id or ""
    if not isinstance(scope, dict) or "project" not in scope:
        return ""
    project = _project(records, scope["project"])
    if project is None or not project.enabled:
        raise unauthorized()
    return project.id


def _project(records: KeystoneRecords, wanted: Json) -> Project | None:
    if "id" in wanted:
        return records.projects.get(str(wanted["id"]))
    return records.project_named(str(wanted.get("name", ""))) if in_default_domain(wanted) else None


def _time(text: str | None) -> datetime | None:
    return _utc(datetime.fromisoformat(text)) if text else None


def _utc(moment: datetime) -> datetime:
    """A time without a zone is meant as UTC."""
    return moment.replace(tzinfo=moment.tzinfo or UTC)
