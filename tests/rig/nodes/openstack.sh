#!/bin/bash
# Give the OpenStack rig real servers:  openstack.sh up | down | status      (OSRIG_LAB: where that rig is, default ../openstack)
# up: everything of ../openstack/up.sh, nova (re)started with OSRIG_GUESTS=container, the reconciler, images debian-12-docker and -kube.
# down: nova back to fake servers, reconciler and nodes away.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
LABDIR="$(cd "${OSRIG_LAB:-$HERE/../openstack}" && pwd)"; . "$LABDIR/osrig/lib.sh"; set -euo pipefail
PID="$NODERIG/run/reconcile.pid"
recon() { [ -s "$PID" ] && tr '\0' ' ' < "/proc/$(cat "$PID")/cmdline" 2>/dev/null | grep -q reconcile.py; }
guests() { alive nova && read -r p _ < "$RIG/run/nova.pid" && tr '\0' '\n' < "/proc/$p/environ" | sed -n 's/^OSRIG_GUESTS=//p'; }
case "${1:-up}" in
up)
  "$HERE/build.sh"
  "$HERE/dockerd.sh"
  export OSRIG_GUESTS=container OSRIG_NODES="$HERE" NODERIG
  [ "$(guests || true)" = container ] || ! alive nova || stop nova 10
  "$LABDIR/up.sh"
  recon || { RIG="$RIG" setsid "$B/python" "$HERE/reconcile.py" </dev/null >>"$NODERIG/log/reconcile.log" 2>&1 & echo $! > "$PID"; }
  OS_CLIENT_CONFIG_FILE="$LABDIR/clouds.yaml" "$B/python" - <<'P'
import openstack
c = openstack.connect(cloud="admin"); have = {i.name for i in c.image.images()}
for n in ("debian-12-docker", "debian-12-kube"):
    if n not in have:
        c.image.create_image(name=n, container_format="bare", disk_format="raw", visibility="public", data=b"see tests/rig/nodes\n" * 64,
                             min_disk=1, properties={"os_distro": "debian"})
P
  ;;
down)
  recon && kill "$(cat "$PID")" || true; rm -f "$PID"
  if [ "$(guests || true)" = container ]; then stop nova 10; unset OSRIG_GUESTS; "$LABDIR/up.sh"; fi
  "$HERE/down.sh" ;;
status) echo "nova guests: $(guests || true)"; recon && echo "reconciler up" || echo "reconciler down"; docker ps --format '{{.Names}}\t{{.Image}}\t{{.Status}}' 2>/dev/null ;;
esac
