"""Joint projects under way: milestones, figures, reports, model sheets, mentoring: what is stored."""
