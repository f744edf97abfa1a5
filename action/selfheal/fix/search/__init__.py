"""Search without a model: repair operators on the suspects' syntax trees, tried in warm tests, the likeliest first."""
