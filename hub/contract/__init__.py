"""What an adapter is: the first page for its author."""
