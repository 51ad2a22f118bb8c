"""The simulated procuratorate system 2.0 and what only it can be asked."""
