"""The staff console: its own process and port, pages made on the server, every look accounted for."""
