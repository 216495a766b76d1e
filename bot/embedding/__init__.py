"""Sentence embeddings: text in, unit vectors out."""
