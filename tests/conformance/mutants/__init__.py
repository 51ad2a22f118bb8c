"""Ten adapters with one planted fault each: the kit has to find every one.

A mutant is the adapter of system 2.0 but for its fault. ``INTENDED`` is the check
that must fail, and no other may.
"""

SYSTEM = "procuratorate_20"
#: where the kit asks
QUESTIONS = (
    "tests/adapters/test_contract.py",
    "tests/adapters/test_golden.py",
    "tests/adapters/test_line.py",
    "tests/adapters/test_places.py",
    "tests/conformance",
)
#: cases in the simulator of a mutant: more than a page, and quick
CASES = 110
