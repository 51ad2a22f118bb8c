"""The operator's pages: a template and a .graphql file each, executed in process."""
