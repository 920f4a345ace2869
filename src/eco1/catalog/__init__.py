"""Life as data: species, biomes and the ethogram, each number with unit and source."""
