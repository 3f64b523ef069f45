"""Benchmarks: they print ratios within one run, and assert nothing."""
