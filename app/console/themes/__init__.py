"""The room in which a company keeps its theme book: written, tried on old comments, published in versions."""

from app.console.themes import emerging, files, publishing, writing

__all__ = ["emerging", "files", "publishing", "writing"]
