#!/bin/sh
# Install the tools of JavaScript that the recordings are made with. Needs Node 20, npm, g++, make and network.
# With the argument `checkers` only those that the tests of repairs run.
#
# `javascript` holds the versions that most projects run, `javascript-old` those of some years ago and
# `javascript-new` the newest; a case links one of them as its node_modules. The package managers lie apart, one folder a generation.
set -eu
TOOLS=${SELFHEAL_RECORDING_TOOLS:-$HOME/.cache/selfheal/recording-tools}
mkdir -p "$TOOLS/bin"

into() {
    folder=$TOOLS/$1
    shift
    mkdir -p "$folder"
    [ -f "$folder/package.json" ] || echo '{"name": "recording-tools", "private": true}' >"$folder/package.json"
    (cd "$folder" && npm install --no-audit --no-fund --save-exact "$@")
}

# link NAME…: from the folder of the versions that most projects run
link() {
    for tool in "$@"; do
        ln -sfn "../javascript/node_modules/.bin/$tool" "$TOOLS/bin/$tool"
    done
}

into javascript typescript@5.9.3 eslint@9.39.5 @eslint/js@9.39.5 typescript-eslint@8.73.0 \
    prettier@3.10.1 @biomejs/biome@1.9.4
link tsc eslint prettier biome
[ "${1-}" != checkers ] || exit 0

into javascript eslint-formatter-compact@9.0.1 eslint-formatter-unix@9.0.1 jest@29.7.0 ts-jest@29.4.15 @types/node@20 vitest@3.2.7 mocha@11.8.0 chai@5.3.3
into javascript-old typescript@4.9 eslint@8 prettier@2 jest@26 vitest@1 mocha@9 chai@4
into javascript-new jest@30.5.2 vitest@4.1.12 @vitest/coverage-v8@4.1.12 @biomejs/biome@2.6.8
into packagers pnpm@10 @yarnpkg/cli-dist@4
into packagers-old npm@8 pnpm@8 yarn@1
into packagers-6 npm@6

link jest vitest mocha
for tool in pnpm yarn; do
    ln -sfn "../packagers/node_modules/.bin/$tool" "$TOOLS/bin/$tool"
done
