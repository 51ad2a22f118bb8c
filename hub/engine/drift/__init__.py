"""What moved in the traffic of an endpoint, and what of a mapping it bears out."""
