"""The detention centre's register of persons in custody."""
