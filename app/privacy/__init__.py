"""What a customer may ask for: all we hold about them, or that it is gone. And that nothing is kept for ever."""
