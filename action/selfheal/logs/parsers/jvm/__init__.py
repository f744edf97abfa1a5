"""Parsers for the JVM: javac, Maven, Gradle, JUnit and Checkstyle."""
