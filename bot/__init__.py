"""Everything that runs the bot."""
