"""Test a connection: it only reads from both vendors, and each finding says what to do."""
