"""Runs what the agents ask for, on the runner: the working copy, the sandbox, and nothing else."""

from selfheal.executor.local import ExecutorSettings, LocalExecutor

__all__ = ["ExecutorSettings", "LocalExecutor"]
