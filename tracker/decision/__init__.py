"""Who may move and why: a pure state machine over arrays of heads."""
