"""What stands in front of cameras and lidars: the ground, what grows and is built on it, and bodies made of solids."""
