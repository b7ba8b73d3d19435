"""An office's own book: a workbook to fill in, a check of it, and what comes of it: scorecard, profile, quarterly return and brief."""
