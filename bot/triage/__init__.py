"""The second opinion beside the rules of triage: a small classifier over sentence embeddings."""
