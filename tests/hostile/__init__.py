"""What nobody means well by: huge, deep, looping, lying and half bytes."""
