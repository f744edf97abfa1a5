"""Parts of `bench/app.py`: load, the servers under it, what is printed."""
