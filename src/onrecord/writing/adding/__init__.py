"""Taking originals in: files and folders, what lies inside archives and mails, and what was said when they were handed over."""
