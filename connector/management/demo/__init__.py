"""What the demo needs besides the sandbox: the processes, and the count."""
