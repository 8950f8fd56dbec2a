"""What each subject of the room registers; ``apps.py`` puts it together."""
