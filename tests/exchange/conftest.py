"""Laptops and sticks for every test here."""

from tests.exchange.laptops import stick, team

__all__ = ["stick", "team"]
