"""Test a connection: both vendors are asked by reading only, and every finding says what to do."""
