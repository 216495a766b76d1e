"""Our chat widget next to open-source ones, measured in one run by the same code."""
