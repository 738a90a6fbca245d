"""The HTTP API: the Flask application, its guards and its server."""
