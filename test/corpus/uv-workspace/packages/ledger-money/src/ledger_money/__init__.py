from .formatting import formatted

__all__ = ["formatted"]
