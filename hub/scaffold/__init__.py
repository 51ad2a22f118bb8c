"""``hub new-adapter``: the first form of an adapter, from a WSDL or a sample."""
