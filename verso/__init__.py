"""A self-hosted multilingual website: pages, a blog, a JSON API and an admin in one Flask application."""

__version__ = "0.1.0"
