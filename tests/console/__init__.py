"""The console: every page asked as a person would."""
