#!/usr/bin/env bash
# What the recordings of gcc, clang, ld, make, CMake, ctest and googletest need: Debian's packages, and links to clang's.
set -euo pipefail

bin="${SELFHEAL_RECORDING_TOOLS:-$HOME/.cache/selfheal/recording-tools}/bin"
mkdir -p "$bin"

missing=()
for program in gcc g++ make cmake ctest ninja clang-14 clang-tidy-14 clang-format-14 llvm-symbolizer ld.lld-14; do
    command -v "$program" > /dev/null || missing+=("$program")
done
[ -e /usr/include/gtest/gtest.h ] || missing+=(libgtest-dev)
if ((${#missing[@]})); then
    echo "install these first (Debian: g++ make cmake ninja-build libgtest-dev clang-14 clang-tidy-14" \
        "clang-format-14 lld-14 llvm-14 libclang-rt-14-dev): ${missing[*]}" >&2
    exit 1
fi

for program in clang clang++ clang-tidy clang-format; do
    ln -sf "$(command -v "$program-14")" "$bin/$program"
done
ln -sf "$(command -v ld.lld-14)" "$bin/ld.lld"
