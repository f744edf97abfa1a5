"""Repairs of what the TypeScript compiler finds."""
