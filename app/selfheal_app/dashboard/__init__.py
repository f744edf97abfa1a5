"""The pages that people look at: what selfheal did in the repositories that they may read."""
