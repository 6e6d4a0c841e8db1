"""Sheets of cells: CSV and office sheets, each cell as shown and as kept."""
