"""The GitHub App: the half with write rights, which runs no repository code."""
