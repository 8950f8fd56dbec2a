"""What each subject of the room registers."""
