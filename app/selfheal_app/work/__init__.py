"""Durable work: deliveries become workflows, each step done once or found done, whoever dies meanwhile."""
