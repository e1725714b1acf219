"""The five journeys of the design, A to E, told as stories through the doors people and systems use."""
