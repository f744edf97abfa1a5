"""Write the difference of two versions as text that `git apply` takes."""

from selfheal.workspace.store import VersionStore


def patch_text(store: VersionStore, before: str, after: str) -> str:
    """Diff two recorded trees.

    A file whose content is not UTF-8 is written as a binary patch (base85), so the whole is always
    text and still gives back the exact bytes. Write it with `newline=""`: its lines may end in CR LF.
    """
    whole = store.diff_bytes(before, after)
    try:
        return whole.decode("utf-8")
    except UnicodeDecodeError:
        pass
    parts = []
    for difference in store.differences(before, after):
        part = store.diff_bytes(before, after, paths=(difference.path,))
        try:
            parts.append(part.decode("utf-8"))
        except UnicodeDecodeError:
            part = store.diff_bytes(before, after, paths=(difference.path,), as_binary=True)
            parts.append(part.decode("ascii"))
    return "".join(parts)
