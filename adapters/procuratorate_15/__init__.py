"""Procuratorate unified business system 1.5 (检察统一业务应用系统 1.5)."""
