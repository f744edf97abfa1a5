"""What breaks under the verifier.

Tree::

    SelfhealError
    └── SandboxFailed    the sandbox could not start the command; says nothing about the command
"""

from selfheal.errors import SelfhealError


class SandboxFailed(SelfhealError):
    """The world broke between us and the command: the sandbox's own words are in the message."""
