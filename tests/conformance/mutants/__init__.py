"""Ten adapters with one planted fault each: the kit has to find every one.

A mutant is the adapter of system 2.0 but for its fault. ``INTENDED`` is the check
that must fail, and no other may.
"""
