"""Sinks: where reports of faults go, one per file."""
