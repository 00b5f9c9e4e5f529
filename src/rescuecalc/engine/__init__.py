"""`check` as a program: files through readers and rules to findings, with settings, suppressions and baseline."""
