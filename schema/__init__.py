"""The answer: the GraphQL schema; the one room for strawberry besides the doors."""
