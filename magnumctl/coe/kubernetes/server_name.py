"""The name under which an API server shows its certificate."""

from __future__ import annotations

SERVER_NAME = "kubernetes"
"""kubeadm puts it into every one; the bay's address may be another since the certificate was made."""
