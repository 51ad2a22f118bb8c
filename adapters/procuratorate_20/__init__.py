"""Procuratorate unified business system 2.0: REST, JSON, one token at a time."""
