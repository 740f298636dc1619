"""Column names that a plain table may have, pvlib's first, in any case."""

from typing import Final

from tracker.weather.files.columns import Column

TIMES: Final = ("time", "timestamp", "datetime", "date_time", "utc", "date")
COLUMNS: Final = {
    "ghi_w_m2": Column(("ghi", "ghi_w_m2")),
    "dni_w_m2": Column(("dni", "dni_w_m2")),
    "dhi_w_m2": Column(("dhi", "dhi_w_m2")),
    "poa_w_m2": Column(("poa_global", "poa", "poa_w_m2", "g_i")),
    "temp_module_c": Column(("temp_module", "temp_module_c", "t_mod")),
    "temp_air_c": Column(("temp_air", "temp", "temperature", "temp_air_c")),
    "wind_speed_m_s": Column(("wind_speed", "wind", "wind_speed_m_s")),
    "gust_m_s": Column(("wind_gust", "gust", "gust_m_s")),
    "relative_humidity_percent": Column(("relative_humidity", "rh", "relative_humidity_percent")),
    "pressure_pa": Column(("pressure", "pressure_pa")),
}
