#!/bin/sh
# Install the Go tools that the recordings are made with. Needs go (1.26) and gcc (for cgo and the race detector).
#
# `go` becomes a wrapper that keeps its caches here: every case runs with a home of its own, and would
# compile the standard library again.
set -eu
TOOLS=${SELFHEAL_RECORDING_TOOLS:-$HOME/.cache/selfheal/recording-tools}
GO=$(go env GOROOT)/bin
mkdir -p "$TOOLS/bin" "$TOOLS/golang"

cat >"$TOOLS/bin/go" <<SCRIPT
#!/bin/sh
export GOCACHE="$TOOLS/golang/cache" GOMODCACHE="$TOOLS/golang/go/pkg/mod"
export GOTOOLCHAIN=local XDG_CONFIG_HOME="$TOOLS/golang/config"
exec "$GO/go" "\$@"
SCRIPT
printf '#!/bin/sh\nexec "%s" "$@"\n' "$GO/gofmt" >"$TOOLS/bin/gofmt"
chmod +x "$TOOLS/bin/go" "$TOOLS/bin/gofmt"

# Telemetry writes to a case's home after the command has ended.
"$TOOLS/bin/go" telemetry off

export GOBIN="$TOOLS/bin"
"$GO/go" install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
"$GO/go" install gotest.tools/gotestsum@v1.13.0
