"""Where the rooms are wired together: site file, assembly, command line."""
