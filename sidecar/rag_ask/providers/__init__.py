"""Providers: embedding and chat APIs, their prices and budgets."""
