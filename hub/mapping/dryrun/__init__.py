"""A changed mapping beside the one in force: what would come out otherwise."""
