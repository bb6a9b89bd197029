import os

NOTES = os.environ["NOTES"]
JSON_SORT_KEYS = False
WRITER = "html5"
