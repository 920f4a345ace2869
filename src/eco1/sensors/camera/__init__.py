"""Cameras: colour, depth, instances and optical flow of many scenes at once, on the CPU."""
