"""Exchange between laptops: what one writes into a folder, and how another takes it in after checking all of it."""
