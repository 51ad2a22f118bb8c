"""Code tables and crosswalks: read, checked, compared, taken in, translated by."""
