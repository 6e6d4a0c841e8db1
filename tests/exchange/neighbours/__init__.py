"""What other tools hand over."""
