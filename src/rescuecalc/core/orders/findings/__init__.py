"""What is said of an order set, and what a site decides about it: findings, approvals, suppressions."""
