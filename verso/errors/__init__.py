"""Errors: what can go wrong, how each section says so, and where it is reported."""
