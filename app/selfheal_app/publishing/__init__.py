"""Hand a checked patch over: as a branch with a pull request, or as suggestions in a review."""
