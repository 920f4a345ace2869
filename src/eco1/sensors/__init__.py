"""What can be seen, heard and said of a scene. Arrays in, arrays out."""
