"""Erasure for protection: what holds the words, the orders that say so, and their removal without a trace here."""
