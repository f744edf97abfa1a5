#!/usr/bin/env bash
# What the recordings of javac, Maven, JUnit, Gradle and Checkstyle need: Debian's packages and Maven Central.
set -euo pipefail

tools="${SELFHEAL_RECORDING_TOOLS:-$HOME/.cache/selfheal/recording-tools}/jvm"
repository="-Dmaven.repo.local=$tools/m2"
dependency="org.apache.maven.plugins:maven-dependency-plugin:3.6.1"

missing=()
for program in javac mvn gradle; do
    command -v "$program" > /dev/null || missing+=("$program")
done
if ((${#missing[@]})); then
    echo "install these first (Debian: openjdk-17-jdk-headless maven gradle): ${missing[*]}" >&2
    exit 1
fi

copy() {
    mvn -B -q "$repository" "$dependency:copy" "-Dartifact=$1" "-DoutputDirectory=$tools/$2" -Dmdep.stripVersion=true
}

copy org.junit.platform:junit-platform-console-standalone:1.10.2 junit
copy junit:junit:4.13.2 junit
copy org.hamcrest:hamcrest-core:1.3 junit

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cat > "$folder/pom.xml" << 'POM'
<project>
  <modelVersion>4.0.0</modelVersion><groupId>recordings</groupId><artifactId>checkstyle</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>com.puppycrawl.tools</groupId><artifactId>checkstyle</artifactId><version>10.12.7</version>
  </dependency></dependencies>
</project>
POM
mvn -B -q -f "$folder/pom.xml" "$repository" "$dependency:copy-dependencies" "-DoutputDirectory=$tools/checkstyle"
