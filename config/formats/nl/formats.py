"""Days and times in Dutch: `5 jan 2026, 13:00`."""

DATE_FORMAT = "j b Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j b Y, H:i"
SHORT_DATETIME_FORMAT = "d-m-Y H:i"
