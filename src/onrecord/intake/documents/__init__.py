"""Documents made of pages or paragraphs: PDF, DOCX, ODT and RTF, and what OCR read in pictures of pages."""
