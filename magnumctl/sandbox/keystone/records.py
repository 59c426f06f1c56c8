from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from magnumctl.sandbox.wire import hex_id

REGION = "RegionOne"
DOMAIN = "default"
ROLES = ("admin", "member", "reader")
TOKEN_LIFE = timedelta(hours=12)


@dataclass
class Project:
    name: str
    id: str = field(default_factory=hex_id)
    description: str = ""
    enabled: bool = True
    tags: list[str] = field(default_factory=list)


@dataclass
class User:
    name: str
    password: str
    id: str = field(default_factory=hex_id)
    default_project_id: str | None = None
    enabled: bool = True
    description: str = ""
    email: str | None = None


@dataclass
class ApplicationCredential:
    name: str
    secret: str
    user_id: str
    project_id: str
    roles: tuple[str, ...]
    description: str | None = None
    expires_at: str | None = None
    unrestricted: bool = False
    id: str = field(default_factory=hex_id)


@dataclass
class Token:
    secret: str
    user_id: str
    project_id: str
    """Empty when the token is not scoped."""
    roles: tuple[str, ...]
    methods: tuple[str, ...]
    audit_id: str
    issued_at: datetime
    expires_at: datetime
    application_credential_id: str = ""

    @property
    def expired(self) -> bool:
        return datetime.now(UTC) >= self.expires_at


@dataclass
class KeystoneRecords:
    projects: dict[str, Project] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    assignments: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """(user id, project id) -> role names."""
    application_credentials: dict[str, ApplicationCredential] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    role_ids: dict[str, str] = field(default_factory=lambda: {name: hex_id() for name in ROLES})

    def roles_of(self, user_id: str, project_id: str) -> tuple[str, ...]:
        """With what they imply: admin is a member, a member is a reader."""
        held = self.assignments.get((user_id, project_id), set())
        highest = min((ROLES.index(role) for role in held), default=len(ROLES))
        return ROLES[highest:]

    def project_named(self, name: str) -> Project | None:
        return next((project for project in self.projects.values() if project.name == name), None)

    def user_named(self, name: str) -> User | None:
        return next((user for user in self.users.values() if user.name == name), None)
