"""Episodes in the formats of other libraries, one file each."""
