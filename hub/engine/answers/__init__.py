"""What callers are told, after the policy was asked."""
