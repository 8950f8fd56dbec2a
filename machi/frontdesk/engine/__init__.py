"""Pure computing of the front desk: reading files, finding duplicates."""
