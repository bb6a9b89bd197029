from pathlib import Path


def newest(folder: str) -> Path:
    versions = [entry for entry in Path(folder).iterdir() if entry.name.isdigit()]
    if not versions:
        raise SystemExit(f"no version in {folder}")
    return max(versions, key=lambda entry: int(entry.name))
