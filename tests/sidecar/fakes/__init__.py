"""What is played in tests: paid APIs and a WordPress, each as a real HTTP client or server."""
