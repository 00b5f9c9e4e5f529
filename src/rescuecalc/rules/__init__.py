"""Every finding anywhere is a declared rule, applied by one judge."""
