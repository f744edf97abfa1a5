# Ollama as its own image has it, for machines that can't pull that one.
ARG BASE
FROM ${BASE}
COPY ollama /usr/bin/ollama
ENTRYPOINT ["/usr/bin/ollama"]
