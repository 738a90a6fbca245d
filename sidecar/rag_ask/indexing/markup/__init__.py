"""Markup: the HTML of a post -> the few tags that html2text reads."""
