"""Lidars: range scans of the scenes that cameras look at, and points on the surfaces of bodies."""
