"""To import this is to have all loaded that a worker needs: the process that workers are copies of does."""

from tracker.study.sweeps import chunk, compiled

compiled.settle(shading_too=False)
if compiled.available():
    compiled.load()

__all__ = ["chunk"]
