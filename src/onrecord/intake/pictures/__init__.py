"""Pictures: what their metadata states, kept as observations."""
