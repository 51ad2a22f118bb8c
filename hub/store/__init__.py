"""The one room for SQLAlchemy: what is kept, and how it is read back."""
