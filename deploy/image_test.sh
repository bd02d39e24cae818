#!/usr/bin/env bash
# Builds the image without a container engine (buildah, on a Debian base made here), and runs it as compose.yaml would:
# not root, no capabilities, read-only but for /tmp. A client outside takes a gradient through it.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() {
    echo "WARNING: image-test SKIPPED: $*" >&2
    exit 0
}

[[ $EUID == 0 ]] || skip "it needs root"
if ! command -v buildah mmdebstrap >/dev/null; then
    command -v apt-get >/dev/null || skip "buildah and mmdebstrap are missing, and there is no apt-get"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        buildah mmdebstrap >/dev/null || skip "apt-get could not install buildah and mmdebstrap"
fi

work=$PWD/build/image
mkdir -p "$work"
export BUILDAH_ISOLATION=chroot
driver=vfs
if buildah --storage-driver overlay --root "$work/overlay" --runroot "$work/run" info >/dev/null 2>&1; then
    driver=overlay  # vfs copies the whole image for each layer
fi
b() { buildah --storage-driver "$driver" --root "$work/$driver" --runroot "$work/run" "$@"; }

container= server=
cleanup() {
    [[ -z $server ]] || kill -KILL "$server" 2>/dev/null || true
    [[ -z $container ]] || b rm "$container" >/dev/null || true
    rm -f "$work/pip.conf"
}
trap cleanup EXIT

base=localhost/gradwire-test-base
if ! b inspect --type image "$base" >/dev/null 2>&1; then
    [[ -f $work/base.tar ]] || {
        mmdebstrap --mode=root --variant=minbase --include=python3,python3-venv,python3-pip,ca-certificates \
            bookworm "$work/base.part.tar" 2>"$work/mmdebstrap.log" || { tail "$work/mmdebstrap.log"; exit 1; }
        mv "$work/base.part.tar" "$work/base.tar"
    }
    container=$(b from scratch)
    b add --quiet "$container" "$work/base.tar" / >/dev/null
    b commit --quiet --rm "$container" "$base" >/dev/null
    container=
fi
echo "base image ready on $driver ($SECONDS s)"

# The build reaches the package index that this machine's pip uses.
ca=/etc/ssl/certs/ca-certificates.crt
{
    echo '[global]'
    .venv/bin/python -m pip config list | sed -nE \
        "s/^[^.]*\.(index-url|extra-index-url|trusted-host|proxy|default-timeout|timeout)='(.*)'$/\1 = \2/p" |
        sed 's/^default-//' | grep -v 'file:' | awk -F ' = ' '!seen[$1]++' || true
    echo "cert = $ca"
} >"$work/pip.conf"
b build --quiet --layers --format docker --file deploy/Dockerfile --build-arg "BASE_IMAGE=$base" \
    --secret "id=pip,src=$work/pip.conf" --secret "id=ca,src=$ca" --tag localhost/gradwire . >"$work/build.log" 2>&1 ||
    { tail -n 40 "$work/build.log"; exit 1; }
container=$(b from localhost/gradwire)
root=$(b mount "$container")
echo "image built ($SECONDS s), $(du -sh --apparent-size "$root/opt/gradwire" | cut -f 1) above its base"

config() { b inspect --format "$1" "$container"; }
[[ $(b run "$container" -- id -u) == 10001 ]]
b run "$container" -- sh -c '! command -v cc gcc g++ clang'
[[ ! -e $root/etc/pip.conf ]]
[[ $(config '{{.Docker.Config.Entrypoint}}{{.Docker.Config.Cmd}}') == "[gradwire][serve --host 0.0.0.0 --port 50051]" ]]
[[ $(config '{{.Docker.Config.Healthcheck.Test}}') == "[CMD gradwire health 127.0.0.1:50051]" ]]
[[ $(config '{{.Docker.Config.User}}') == 10001:10001 ]]
port=$(.venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# As compose.yaml: its own mounts, a read-only root, no capabilities, no new privileges.
confined() {
    exec unshare --mount bash -c '
        set -e
        root=$1; shift
        mount --bind "$root" "$root"
        mount -t tmpfs -o mode=1777,size=64m tmpfs "$root/tmp"
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount -o remount,ro,bind "$root"
        exec chroot "$root" /usr/bin/env -i PATH=/opt/gradwire/bin:/usr/bin:/bin HOME=/tmp \
            PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
            setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs \
            --inh-caps=-all --ambient-caps=-all --bounding-set=-all -- "$@"' confined "$root" "$@"
}
(confined sh -c '! touch /x /opt/gradwire/x /home/x 2>/dev/null && touch /tmp/x && grep -q "^CapBnd:.0*$" /proc/self/status')

log=$work/server.log
(confined gradwire serve --host 127.0.0.1 --port "$port") >"$log" 2>&1 &
server=$!
for _ in {1..100}; do
    grep -q '^gradwire listening on' "$log" && break
    kill -0 "$server" || { cat "$log"; exit 1; }
    sleep 0.2
done
grep '^gradwire listening on' "$log" || { cat "$log"; exit 1; }
.venv/bin/python deploy/smoke.py "127.0.0.1:$port"

(confined gradwire health "127.0.0.1:$port")
kill -TERM "$server"
status=0
wait "$server" || status=$?
server=
[[ $status == 0 ]] || { echo "error: SIGTERM ended the server with status $status" >&2; cat "$log"; exit 1; }
if (confined gradwire health "127.0.0.1:$port") 2>/dev/null; then
    echo "error: a stopped server is called healthy" >&2
    exit 1
fi
echo "image-test passed ($SECONDS s)"
