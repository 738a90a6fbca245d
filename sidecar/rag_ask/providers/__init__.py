"""Embedding and chat APIs, their prices and budgets."""
