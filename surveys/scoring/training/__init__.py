"""Fit the weight files from a folder of labelled texts: `python -m surveys.scoring.training FOLDER OUT`.

The only place of this room that uses numpy and scipy; scoring never imports it.
"""
