from __future__ import annotations

from magnumctl.sandbox.keystone.records import (
    DOMAIN,
    REGION,
    ApplicationCredential,
    KeystoneRecords,
    Project,
    Token,
    User,
)
from magnumctl.sandbox.keystone.tokens import TIME
from magnumctl.sandbox.wire import Call, Json

SERVICES = (
    ("identity", "keystone", "/identity"),
    ("compute", "nova", "/compute/v2.1"),
    ("network", "neutron", "/network"),
    ("image", "glance", "/image"),
    ("block-storage", "cinder", "/volume/v3/{project}"),
    ("volumev3", "cinderv3", "/volume/v3/{project}"),
    ("load-balancer", "octavia", "/load-balancer"),
)
DEFAULT_DOMAIN: Json = {"id": DOMAIN, "name": "Default"}


def token_body(records: KeystoneRecords, token: Token, call: Call) -> Json:
    user = records.users[token.user_id]
    body: Json = {
        "methods": list(token.methods),
        "user": {"id": user.id, "name": user.name, "domain": DEFAULT_DOMAIN, "password_expires_at": None},
        "audit_ids": [token.audit_id],
        "issued_at": token.issued_at.strftime(TIME),
        "expires_at": token.expires_at.strftime(TIME),
    }
    if token.project_id:
        body |= _scoped(records, token, call)
    if token.application_credential_id:
        credential = records.application_credentials[token.application_credential_id]
        body["application_credential"] = {
            "id": credential.id,
            "name": credential.name,
            "restricted": not credential.unrestricted,
        }
    return {"token": body}


def _scoped(records: KeystoneRecords, token: Token, call: Call) -> Json:
    project = records.projects[token.project_id]
    scoped: Json = {
        "project": {"id": project.id, "name": project.name, "domain": DEFAULT_DOMAIN},
        "is_domain": False,
        "roles": [role_body(records, name) for name in token.roles],
    }
    if "nocatalog" not in call.query:
        scoped["catalog"] = catalog(call.root_url, project.id)
    return scoped


def catalog(root_url: str, project_id: str) -> list[Json]:
    return [
        {
            "id": f"{kind}-service",
            "type": kind,
            "name": name,
            "endpoints": [
                {
                    "id": f"{kind}-{interface}",
                    "interface": interface,
                    "region": REGION,
                    "region_id": REGION,
                    "url": root_url + path.format(project=project_id),
                }
                for interface in ("public", "internal", "admin")
            ],
        }
        for kind, name, path in SERVICES
    ]


def role_body(records: KeystoneRecords, name: str) -> Json:
    return {"id": records.role_ids[name], "name": name, "domain_id": None, "description": None, "options": {}}


def project_body(project: Project, call: Call) -> Json:
    return {
        "id": project.id,
        "name": project.name,
        "domain_id": DOMAIN,
        "parent_id": DOMAIN,
        "description": project.description,
        "enabled": project.enabled,
        "is_domain": False,
        "tags": project.tags,
        "options": {},
        "links": {"self": f"{call.root_url}/identity/v3/projects/{project.id}"},
    }


def user_body(user: User, call: Call) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "domain_id": DOMAIN,
        "description": user.description,
        "email": user.email,
        "enabled": user.enabled,
        "default_project_id": user.default_project_id,
        "password_expires_at": None,
        "options": {},
        "links": {"self": f"{call.root_url}/identity/v3/users/{user.id}"},
    }


def credential_body(records: KeystoneRecords, credential: ApplicationCredential, call: Call) -> Json:
    """Without the secret: only the answer to its creation shows it."""
    return {
        "id": credential.id,
        "name": credential.name,
        "description": credential.description,
        "user_id": credential.user_id,
        "project_id": credential.project_id,
        "roles": [role_body(records, name) for name in credential.roles],
        "expires_at": credential.expires_at,
        "unrestricted": credential.unrestricted,
        "system": None,
        "links": {
            "self": f"{call.root_url}/identity/v3/users/{credential.user_id}/application_credentials/{credential.id}"
        },
    }


def listing(name: str, rows: list[Json], call: Call) -> Json:
    return {name: rows, "links": {"next": None, "previous": None, "self": f"{call.root_url}{call.path}"}}
