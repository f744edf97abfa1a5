"""go.mod: `require` lines. What is missing there is added by `go mod tidy` itself."""

import re

from selfheal.fix.dependencies.manifests.interface import Reading, Wish
from selfheal.fix.dependencies.manifests.package_json import parted

_REQUIRE = re.compile(
    r"^(?P<head>\s*(?:require\s+)?(?P<name>[\w.~/-]+\.[\w.~/-]+)\s+)v(?P<version>\S+)(?P<tail>.*)$", re.MULTILINE
)


class GoMod:
    """The format of Go's modules. A version is the lowest that may serve; it is read and written as a pin."""

    def read(self, path: str, text: str) -> Reading:
        """List what is required, without what replaces or shuts out."""
        return Reading(
            tuple(
                Wish(path=path, name=m["name"], specifier=f"=={m['version']}", line=f"{m['name']}=={m['version']}")
                for m in _REQUIRE.finditer(text)
                if "=>" not in m[0]
            )
        )

    def with_specifier(self, text: str, name: str, specifier: str) -> str | None:
        """Replace the version; without one the line goes, so that `go mod tidy` finds the newest."""
        version, count = specifier.lstrip("=><~^"), 0

        def edited(match: re.Match[str]) -> str:
            nonlocal count
            if match["name"] != name or "=>" in match[0]:
                return match[0]
            count += 1
            return f"{match['head']}v{version}{match['tail']}" if version else ""

        text = _REQUIRE.sub(edited, text)
        return text if count else None

    def with_added(self, text: str, requirement: str) -> str | None:
        """Add a line of its own at the end."""
        name, specifier = parted(requirement)
        version = specifier.split(",")[0].lstrip("=><~^")
        return f"{text.rstrip()}\n\nrequire {name} v{version}\n" if version else None
