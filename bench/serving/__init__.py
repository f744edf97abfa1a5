"""Parts of `bench/app_load.py`: load, the servers under it, what is printed."""
