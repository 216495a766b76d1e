"""Text messages: the way in and the way out."""
