"""Requests about pump libraries: reading one, checking and comparing it, its template."""
