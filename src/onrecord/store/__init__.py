"""Where the log, its views, originals and layers lie. Nothing here decides what may leave."""
