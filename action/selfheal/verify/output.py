"""Keep the beginning and the end of an output of any length, in bounded memory."""

from collections import deque

_LINE_SLACK = 200


class OutputBuffer:
    """Takes bytes as they come; `text` is what is worth keeping, decoded with replacement."""

    def __init__(self, *, head_bytes: int, tail_bytes: int) -> None:
        self._head_room = head_bytes
        self._tail_limit = tail_bytes
        self._head = bytearray()
        self._tail: deque[bytes] = deque()
        self._tail_bytes = 0
        self.total = 0
        """Bytes written so far, kept or not."""

    def add(self, block: bytes) -> None:
        """Take the next bytes."""
        self.total += len(block)
        room = self._head_room - len(self._head)
        if room > 0:
            self._head += block[:room]
            block = block[room:]
        if not block:
            return
        self._tail.append(block)
        self._tail_bytes += len(block)
        while self._tail_bytes - len(self._tail[0]) >= self._tail_limit:
            self._tail_bytes -= len(self._tail.popleft())

    def text(self) -> str:
        """The output as text; where bytes were left out, a line says how many."""
        tail = b"".join(self._tail)[-self._tail_limit :] if self._tail else b""
        left_out = self.total - len(self._head) - len(tail)
        if left_out == 0:
            return (bytes(self._head) + tail).decode("utf-8", "replace")
        # Cut at the nearest line end, so that no half line is read as a whole one.
        end = self._head.rfind(b"\n", max(0, len(self._head) - _LINE_SLACK)) + 1 or len(self._head)
        start = tail.find(b"\n", 0, _LINE_SLACK) + 1
        left_out += len(self._head) - end + start
        note = f"\n[... {left_out} bytes left out ...]\n"
        return self._head[:end].decode("utf-8", "replace") + note + tail[start:].decode("utf-8", "replace")
