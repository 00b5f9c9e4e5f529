"""Pages of what is calculated from a few numbers: a rate in another unit, the creatinine clearance."""
