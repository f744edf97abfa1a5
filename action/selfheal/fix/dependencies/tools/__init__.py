"""Packages of npm, pnpm, yarn, Go and Cargo: the same ways of mending as for Python, with each tool's own words."""
