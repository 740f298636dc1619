"""The command line: words in, one use case called, an exit code out."""
