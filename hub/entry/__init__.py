"""The doors: command line, web server, worker; the only reader of the environment."""
