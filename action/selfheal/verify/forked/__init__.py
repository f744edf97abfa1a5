"""The fork server: imports and collects a project's tests once, then tries each candidate in a child of its own.

These modules are not run by selfheal itself. They travel into the sandbox as the package `selfheal_forked` and are
loaded by the project's own pytest, in the project's own Python: standard library and pytest only, no newer syntax
than Python 3.8, and nothing that they say is more than a hint, because the code under test lives in their process.
"""
