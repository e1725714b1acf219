"""The demo company: a believable bilingual bank, made from a seed and a date. No real person stands behind it."""
