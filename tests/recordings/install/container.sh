#!/bin/sh
# Install what the docker recordings are made with. Needs Debian, root and network.
#
# Debian's docker.io has BuildKit built in. No image is pulled: debootstrap makes the one that the cases build on.
# dockerd itself must be running: start it with `dockerd --data-root FOLDER --pidfile FILE &`.
set -eu
TOOLS=${SELFHEAL_RECORDING_TOOLS:-$HOME/.cache/selfheal/recording-tools}
mkdir -p "$TOOLS/bin"

command -v dockerd >/dev/null && command -v debootstrap >/dev/null || {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io debootstrap iptables
}
printf '#!/bin/sh\nexec /usr/bin/docker "$@"\n' >"$TOOLS/bin/docker"
chmod +x "$TOOLS/bin/docker"

if ! "$TOOLS/bin/docker" image inspect recordings/base:1 >/dev/null 2>&1; then
    root=$(mktemp -d)
    debootstrap --variant=minbase --include=python3,make bookworm "$root"
    tar -C "$root" -c . | "$TOOLS/bin/docker" import - recordings/base:1
    rm -rf "$root"
fi
