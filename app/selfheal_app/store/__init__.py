"""What the service keeps: the inbox of deliveries, what became of runs, who is installed. SQLite or PostgreSQL."""
