"""What javac, Maven, JUnit, Gradle and Checkstyle print."""

from recordings.case import Case

JVM_CASES: tuple[Case, ...] = ()
JVM_VERSIONS: dict[str, str] = {}
