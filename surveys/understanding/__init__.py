"""What a company means by its customers' words: its own themes, in versions. Stands under the answers, on scoring."""
