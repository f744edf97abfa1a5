"""What the service tells of itself by OTLP: the spans of its work, and the numbers of /metrics."""
