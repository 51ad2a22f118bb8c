"""Evidence for the justice_drop adapter: a simulated justice bureau and fixtures."""
