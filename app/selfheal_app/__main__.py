"""`python -m selfheal_app`."""

from selfheal_app.cli import main

main(prog_name="selfheal-app")
