"""What every room speaks: records, protocols, errors, units and random streams."""
