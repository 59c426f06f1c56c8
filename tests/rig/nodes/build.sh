#!/bin/bash
# Nothing -> node images `noderig:docker` and `noderig:kube` plus preloaded image stores.  Idempotent; every step is cached
# under $NODERIG and done again when its inputs change.  REBUILD="roots images" (either of them) does those again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"; . ./env.sh
PYTHON="${PYTHON:-python3}"     # one that has magnumctl's test dependencies
# what a step was made from: it is done again when that changes
sum() { cat "$@" | sha256sum | cut -c1-16; }
want() { case " ${REBUILD:-} " in *" $1 "*) return 0;; esac; return 1; }
phase() { local n="$1" t=$SECONDS; shift; "$@" || { echo "$n FAILED, see $NODERIG/log"; exit 1; }; printf '%-34s %5d s\n' "$n" $((SECONDS-t)); }

p_apt() {
  command -v mmdebstrap >/dev/null && command -v gcc >/dev/null && command -v ctr >/dev/null && return 0
  apt-get update >"$NODERIG/log/apt.log" 2>&1
  apt-get install -y --no-install-recommends mmdebstrap gcc libc6-dev docker.io iptables iproute2 kmod busybox-static >>"$NODERIG/log/apt.log" 2>&1
}
p_binaries() { # Go's: built once for all tests (tests/components), hard work kept in that cache
  local name path
  (cd "$HERE/../../.." && "$PYTHON" -m tests.components.build) 2>"$NODERIG/log/go.log" >"$NODERIG/run/built" || return 1
  while read -r path; do
    name=$(basename "$path"); cmp -s "$path" "$NODERIG/bin/$name" || install -m755 "$path" "$NODERIG/bin/$name"
  done <"$NODERIG/run/built"
  [ -x "$NODERIG/bin/pause" ] || gcc -Os -static -s -o "$NODERIG/bin/pause" image/pause.c
}
BASE=systemd,systemd-sysv,dbus,libpam-systemd,cloud-init,sudo,iproute2,iputils-ping,iptables,conntrack,ipset,ethtool,socat,ca-certificates,curl,containerd,runc,kmod,procps,openssl,netbase,tzdata,util-linux,mount,busybox,gpg
p_root() { # KIND EXTRA [FILE...]: the files go into the root
  local kind=$1 extra=$2 h; shift 2; h=$(echo "$BASE,$extra" | sum - image/* "$@"); set -- "$kind" "$extra"
  [ "$(cat "$NODERIG/root-$1.sum" 2>/dev/null)" = "$h" ] && ! want roots && return 0
  local src; src=$(ls /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | head -1 || true)
  rm -rf "$NODERIG/root-$1" "$NODERIG/root-$1.tmp"
  mmdebstrap --quiet --mode=root --variant=minbase --format=directory --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' \
    --include="$BASE,$2" --customize-hook="sh $HERE/image/hook.sh $1 \"\$1\" $HERE/image" \
    bookworm "$NODERIG/root-$1.tmp" $src >"$NODERIG/log/mmdebstrap-$1.log" 2>&1 && mv "$NODERIG/root-$1.tmp" "$NODERIG/root-$1" || return 1
  docker rmi -f noderig:$1 >/dev/null 2>&1 || true
  echo "$h" > "$NODERIG/root-$1.sum"
}
p_import() { docker image inspect noderig:$1 >/dev/null 2>&1 || tar -C "$NODERIG/root-$1" -c . | docker import - noderig:$1 >/dev/null; }
p_images() {
  local h; h=$(sum mkimages.py "$NODERIG"/bin/* "$NODERIG/root-kube.sum")
  [ "$(cat "$NODERIG/images/.sum" 2>/dev/null)" = "$h" ] && ! want images && return 0
  rm -rf "$NODERIG/images" "$NODERIG"/tmpl/*; python3 mkimages.py "$NODERIG/bin" "$NODERIG/root-kube" "$NODERIG/images" "$KUBE_VERSION" && echo "$h" > "$NODERIG/images/.sum"
}
p_tmpl_kube() { # a /var/lib/containerd with the images in it, hard-linked into every kube node
  [ -d "$NODERIG/tmpl/kube" ] && ! want images && return 0
  local t="$NODERIG/tmpl/kube.tmp" s="$NODERIG/run/ctrd" p
  rm -rf "$t" "$NODERIG/tmpl/kube" "$s"; mkdir -p "$t" "$s"
  printf 'version = 2\nroot = "%s"\nstate = "%s"\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n[grpc]\naddress = "%s/s.sock"\n' "$t" "$s" "$s" > "$s/c.toml"
  containerd --config "$s/c.toml" >"$NODERIG/log/tmpl.log" 2>&1 & p=$!
  for _ in $(seq 50); do ctr -a "$s/s.sock" version >/dev/null 2>&1 && break; sleep 0.1; done
  for i in "$NODERIG"/images/*.tar; do ctr -a "$s/s.sock" -n k8s.io images import "$i" >>"$NODERIG/log/tmpl.log" 2>&1 || { kill $p; return 1; }; done
  ctr -a "$s/s.sock" -n k8s.io images list -q | grep -v '^sha256' > "$NODERIG/tmpl/kube.list"
  kill $p; wait $p 2>/dev/null || true
  mv "$t" "$NODERIG/tmpl/kube"
}
p_tmpl_docker() { # likewise a /var/lib/docker
  [ -d "$NODERIG/tmpl/docker" ] && ! want images && return 0
  local t="$NODERIG/tmpl/docker.tmp" s="$NODERIG/run/dtmpl" p
  rm -rf "$t" "$NODERIG/tmpl/docker" "$s"; mkdir -p "$t" "$s"
  dockerd --data-root "$t" --exec-root "$s" -H "unix://$s/s.sock" --pidfile "$s/pid" --bridge=none --iptables=false --storage-driver=overlay2 >"$NODERIG/log/tmpl-docker.log" 2>&1 & p=$!
  for _ in $(seq 100); do docker -H "unix://$s/s.sock" info >/dev/null 2>&1 && break; sleep 0.1; done
  for i in busybox nginx redis; do docker -H "unix://$s/s.sock" load -i "$NODERIG/images/$i.tar" >>"$NODERIG/log/tmpl-docker.log" || { kill $p; return 1; }; done
  kill $p; wait $p 2>/dev/null || true
  rm -rf "$t"/{network,runtimes,swarm,tmp,containers}; mv "$t" "$NODERIG/tmpl/docker"
}
phase "packages" p_apt
phase "kubernetes, etcd, coredns, flannel" p_binaries
phase "dockerd" ./dockerd.sh
phase "root: docker" p_root docker docker.io
phase "root: kube" p_root kube containernetworking-plugins,ebtables,nftables "$NODERIG/bin/"{kubeadm,kubelet,kubectl}
phase "image noderig:docker" p_import docker
phase "image noderig:kube" p_import kube
phase "container images" p_images
phase "store for kube nodes" p_tmpl_kube
phase "store for docker nodes" p_tmpl_docker
docker images noderig; du -shc "$NODERIG"/{bin,images,tmpl,root-docker,root-kube} | tail -6
