"""Secrets out of a question, and back into what is made of its answer."""

from selfheal.logs.redaction.mask import joined
from selfheal.logs.redaction.redactor import Redactor


class Veil:
    """Puts a placeholder for each secret of a prompt, and knows which stood for which.

    Source code in a prompt may hold a secret that somebody committed. A model that writes the code again must
    not see it, and its answer must hold it again, or the patch would destroy it.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._placeholders: dict[str, str] = {}

    def cover(self, text: str) -> str:
        """The text with each secret replaced by a placeholder of its own."""
        data = text.encode("utf-8", "surrogatepass")
        parts: list[str] = []
        done = 0
        for start, end in joined(data, self._redactor.find(data)):
            secret = data[start:end].decode("utf-8", "surrogatepass")
            number = len(self._placeholders) + 1
            placeholder = self._placeholders.setdefault(secret, f"[redacted-{number}]")
            parts += (data[done:start].decode("utf-8", "surrogatepass"), placeholder)
            done = end
        covered = "".join((*parts, data[done:].decode("utf-8", "surrogatepass"))) if parts else text
        # What only shows once its neighbour is masked goes for good.
        return self._redactor.redact(covered)

    def uncover(self, text: str) -> str:
        """The text with the placeholders replaced by what they stood for."""
        for secret, placeholder in self._placeholders.items():
            text = text.replace(placeholder, secret)
        return text
