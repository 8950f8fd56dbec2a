"""What towns do together: choosing, matching, sharing."""
