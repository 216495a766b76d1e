"""Tells staff of a crisis or a request to be called back the minute it comes: by webhook, e-mail or text."""
