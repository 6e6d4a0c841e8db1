"""A small valid file of every kind that is read, made here in three scripts; and archives that state whatever they are told."""
