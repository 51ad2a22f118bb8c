"""WSDL shapes of our own making, and a strict server that speaks them."""
