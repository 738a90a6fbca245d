"""Citations: markers in a model's text -> verified sources, and sentences checked against them."""
