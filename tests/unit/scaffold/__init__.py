"""Proposals from samples and WSDLs, and what is refused."""
