"""The sidecar that answers a WordPress site's visitors from the site's own pages."""
