"""Rasa actions, one file a topic: read what was heard, ask the heart, reply."""
