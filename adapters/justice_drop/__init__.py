"""Justice bureau: community correction, by files left in a directory pair."""
