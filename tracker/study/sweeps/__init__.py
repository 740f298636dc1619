"""Many sites, mountings and parameters in one go: chunks of places, on this machine or a Dask cluster.

Names load from their modules; nothing here loads pyarrow or Dask before a sweep runs.
"""
