"""The one judge: the registry of all rules, and their application to whatever was calculated, read or typed."""
