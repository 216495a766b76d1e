"""Text messages: taking them in, writing what goes out, and sending it."""
