"""Packaged clinical data by subject: drugs, bridging, stopping, ranges, patients, studies."""
