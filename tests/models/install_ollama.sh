#!/bin/sh
# Build an Ollama server for the conformance tests from its Go module: install_ollama.sh FOLDER
# Needs Go, a C++ compiler, and Debian's nlohmann-json3-dev and libstb-dev. Takes some minutes on two cores, so cache
# FOLDER in CI. Then run the tests with SELFHEAL_TEST_OLLAMA=FOLDER/ollama.
set -eu

version=v0.17.4
miniaudio=1.71
folder=$(mkdir -p "${1:?usage: install_ollama.sh FOLDER}" && cd "$1" && pwd)

# A binary built this way calls itself 0.0.0, so its version stands beside it, with the processor that it was built for.
made="$version $(grep -m 1 '^flags' /proc/cpuinfo 2>/dev/null | cksum)"
if [ -x "$folder/ollama" ] && [ "$(cat "$folder/ollama.version" 2>/dev/null)" = "$made" ]; then
    echo "$folder/ollama is there already"
    exit 0
fi

# Go's module archives leave out folders named vendor, in which llama.cpp keeps its C++ headers. The same headers
# come from Debian and, for miniaudio, from the source archive of its Python binding.
for header in nlohmann/json.hpp stb/stb_image.h; do
    if [ ! -e "/usr/include/$header" ]; then
        echo "no /usr/include/$header: apt-get install nlohmann-json3-dev libstb-dev" >&2
        exit 1
    fi
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip download --quiet --no-deps --no-binary miniaudio --dest "$work" "miniaudio==$miniaudio"
tar -xzf "$work/miniaudio-$miniaudio.tar.gz" -C "$work"
headers="$work/miniaudio-$miniaudio"

# The Go package leaves out the files for AMX, which its others call where the compiler says that the machine has it.
machine=-march=native
if [ "$(uname -m)" = x86_64 ]; then machine="$machine -mno-amx-tile -mno-amx-int8 -mno-amx-bf16"; fi

GOBIN=$folder GOFLAGS=-mod=mod \
    CGO_CFLAGS="-O3 $machine -I$headers" \
    CGO_CXXFLAGS="-O3 $machine -I$headers -I/usr/include" \
    nice -n 5 go install "github.com/ollama/ollama@$version"
echo "$made" >"$folder/ollama.version"
echo "$folder/ollama"
