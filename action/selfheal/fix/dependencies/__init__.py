"""Heal builds that broke because the world moved: recognise, bisect, mend, explain."""
