"""What holds for all tests: on a busy machine an example of a property may take as long as it takes."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
