"""Reading what others wrote, within limits, without evaluating anything."""
