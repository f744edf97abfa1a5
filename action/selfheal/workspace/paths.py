"""Which paths an edit may name. Pure: the disk is asked elsewhere."""

# Code points that HFS+ ignores when it compares names, so `.g\u200cit` is `.git` there
# (git's own list, CVE-2014-9390).
_IGNORABLE = dict.fromkeys((*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF))
_MAX_BYTES = 4000


def path_fault(path: str) -> str | None:
    """Say why `path` can't be edited, or None where it is a plain relative path inside the repository."""
    fault = None
    parts = path.split("/")
    windows_parts = path.replace("\\", "/").split("/")
    if not path:
        fault = "is empty"
    elif "\0" in path:
        fault = "holds a NUL"
    elif not _is_utf8(path):
        fault = "is not valid UTF-8"
    elif len(path.encode()) > _MAX_BYTES:
        fault = f"is longer than {_MAX_BYTES} bytes"
    elif path.startswith(("/", "\\")) or (len(path) > 1 and path[1] == ":" and path[0].isalpha()):
        fault = "is absolute"
    elif any(part in ("", ".") for part in parts):
        fault = "is not in its plain form (empty or `.` parts)"
    elif ".." in windows_parts:
        fault = "climbs out of the repository"
    elif any(is_git_folder(part) for part in windows_parts):
        fault = "leads into git's own folder"
    return fault


def is_git_folder(name: str) -> bool:
    """True for every name that some file system takes for `.git`: letter case, 8.3 names, streams, ignorables."""
    plain = name.translate(_IGNORABLE).casefold().split(":")[0].rstrip(" .")
    return plain in (".git", "git~1")


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
