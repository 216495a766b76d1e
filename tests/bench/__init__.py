"""Benchmarks: each measures peers side by side in one run and reports ratios."""
