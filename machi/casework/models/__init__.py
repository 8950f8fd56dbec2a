"""What is stored, one file a subject."""
