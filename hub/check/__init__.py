"""What an adapter is asked, and what came of it."""
