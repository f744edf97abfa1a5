#!/usr/bin/env bash
# Install what the outage recordings run, beside the machine's own git, curl, apt, gcc, node, go, cargo and mvn.
set -euo pipefail
tools="${SELFHEAL_RECORDING_TOOLS:-$HOME/.cache/selfheal/recording-tools}/outage"
mkdir -p "$tools/node" "$tools/go" "$tools/maven"

test -x "$tools/venv/bin/python" || python3 -m venv "$tools/venv"
"$tools/venv/bin/pip" install --quiet --disable-pip-version-check \
    pytest pytest-rerunfailures "psycopg[binary]" redis pymongo boto3 selenium docker aiohttp poetry uv

ln -sfn "${RUSTUP_HOME:-$HOME/.rustup}" "$tools/rustup"

cd "$tools/node"
npm install --no-fund --no-audit --ignore-scripts --silent --prefix . \
    jest@30 mocha@11 vitest@3 pg@8 ioredis@5 axios@1 @playwright/test@1.52 pnpm@10 yarn@1 typescript@5

cd "$tools/go"
test -f go.mod || go mod init example.test/tools
GOFLAGS=-mod=mod GOMODCACHE="$tools/gomod" go get github.com/stretchr/testify@v1.10.0 github.com/jackc/pgx/v5@v5.7.2
cat > tools_test.go <<'GO'
package tools

import (
	_ "github.com/jackc/pgx/v5"
	_ "github.com/stretchr/testify/require"
)
GO
GOFLAGS=-mod=mod GOMODCACHE="$tools/gomod" GOCACHE="$tools/cache" go test ./...
GOFLAGS=-mod=mod GOMODCACHE="$tools/gomod" GOBIN="$tools/gobin" go install gotest.tools/gotestsum@v1.13.0

ln -sfn "$(command -v go)" "$tools/gobin/go"

cd "$tools/maven"
mkdir -p src/test/java
cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>t</groupId><artifactId>t</artifactId><version>1</version>
  <properties><maven.compiler.release>17</maven.compiler.release><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
  <dependencies>
    <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.11.4</version><scope>test</scope></dependency>
  </dependencies>
  <build><plugins>
    <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.13.0</version></plugin>
    <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.2</version></plugin>
  </plugins></build>
</project>
POM
cat > src/test/java/WarmTest.java <<'JAVA'
class WarmTest {
    @org.junit.jupiter.api.Test
    void runs() {}
}
JAVA
mvn --batch-mode --quiet -Dmaven.repo.local="$tools/m2" test
