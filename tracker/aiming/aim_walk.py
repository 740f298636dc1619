"""A way through the day: of the good places to look at every node, those that lead on to each other."""

import numpy as np

from tracker.units import BoolArray, FloatArray, IntArray


def walked(past_deg: FloatArray, light: FloatArray, day: BoolArray, price: FloatArray) -> FloatArray:
    """Of offsets (D, W, K, ...) with light (D, W, K) one for each node (D, W, ...), best for whole days.

    A day's worth is its light less the price (D, W - 1, K, K) of the way from each place at one hour to each
    at the next, so that heads change sides of a shadow only where that pays: dynamic programming (Bellman
    1957) from dawn to dusk. Before dawn and after dusk (not day, (D, W)) the offset is that of the nearest
    node of the day.
    """
    days, hours, _, *shape = past_deg.shape
    score = light[:, 0]
    came = np.zeros(light.shape, dtype=np.int64)
    for hour in range(1, hours):
        within = (day[:, hour - 1] & day[:, hour])[:, np.newaxis, np.newaxis]
        so_far = score[:, :, np.newaxis] - price[:, hour - 1] * within  # (D, from, to)
        came[:, hour] = np.argmax(so_far, axis=1)
        score = np.max(so_far, axis=1) + light[:, hour]
    past = past_deg.reshape(*past_deg.shape[:3], -1)
    chosen = _traced(past, came, np.asarray(np.argmax(score, axis=1)))
    return _filled(chosen, day).reshape(days, hours, *shape)


def _traced(past: FloatArray, came: IntArray, last: IntArray) -> FloatArray:
    """Back from the choice (D,) at the end: offsets (D, W, ...)."""
    chosen = np.empty((*past.shape[:2], past.shape[-1]))
    here, every = last, np.arange(len(past))
    for hour in range(past.shape[1] - 1, -1, -1):
        chosen[:, hour] = past[every, hour, here]
        here = came[every, hour, here]
    return chosen


def _filled(chosen: FloatArray, day: BoolArray) -> FloatArray:
    """Each night node with the offset of the nearest node of its day."""
    hours = np.arange(day.shape[1])
    dawn, dusk = np.argmax(day, axis=1), day.shape[1] - 1 - np.argmax(day[:, ::-1], axis=1)
    nearest = np.clip(hours, dawn[:, np.newaxis], dusk[:, np.newaxis])
    return np.take_along_axis(chosen, nearest[..., np.newaxis], axis=1)
