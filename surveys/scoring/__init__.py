"""What the words mean: language, sentiment, themes, signals, redaction. Pure; importing this package loads nothing."""
