"""A question -> ranked passages of one site."""
