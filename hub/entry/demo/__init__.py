"""The demonstration: five simulated agencies, one case from filing to execution."""
