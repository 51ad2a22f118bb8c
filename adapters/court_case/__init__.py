"""Court case system: views over a database connection, intake by REST."""
