"""Builds that real releases of real packages broke, each as a small project with a failing command."""
