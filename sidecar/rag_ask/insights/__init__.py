"""What visitors asked, and what the site could not answer."""
