"""What the owner of a repository allows: the policy in `.github/selfheal.yml` on the default branch.

Never the file of the commit that failed: whoever wrote that commit could loosen it.
"""

from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from selfheal.contract.policy import PolicySettings
from selfheal_app.errors import GitHubFailed
from selfheal_app.publishing.api import Api
from selfheal_app.publishing.client import Known, Rejected
from selfheal_app.recheck import NotAllowed
from selfheal_app.tree_at import NotPlain, Sha, TreeAt

FILE = ".github/selfheal.yml"
_MAX_BYTES = 1 << 18


class _Target(Known):
    sha: Sha


class _Ref(Known):
    object: _Target


async def policy_of(api: Api, default_branch: str) -> PolicySettings | NotAllowed:
    """The owner's settings; the strict defaults where there are none. A file that is wrong allows nothing."""
    ref = await api.get(f"/git/ref/heads/{quote(default_branch)}", _Ref)
    tree = ref if isinstance(ref, Rejected) else await TreeAt.open(api, ref.object.sha)
    if isinstance(tree, Rejected):
        raise GitHubFailed(f"the default branch {default_branch} can't be read ({tree.status})")
    file = await tree.read(FILE)
    if file is None:
        return PolicySettings()
    if isinstance(file, NotPlain):
        return NotAllowed(file.message, settings_line=1)
    return read_policy(file.content)


def read_policy(data: bytes) -> PolicySettings | NotAllowed:
    """Read the key `policy`; what else the file holds is the runner's side's to judge.

    What is wrong is told with its line and key.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if len(data) > _MAX_BYTES:
        return _wrong(1, f"has more than {_MAX_BYTES} bytes")
    try:
        document: Any = YAML(typ="rt", pure=True).load(data)
    except (YAMLError, ValueError, RecursionError) as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        return _wrong(mark.line + 1 if mark is not None else 1, f"is no YAML ({type(error).__name__})")
    if document is not None and not isinstance(document, dict):
        return _wrong(1, "holds no mapping")
    policy = (document or {}).get("policy") or {}
    line = _line(document, "policy")
    if not isinstance(policy, dict):
        return _wrong(line, "policy: is no mapping")
    keys = {str(key).replace("-", "_"): key for key in policy}
    try:
        return PolicySettings.model_validate({name: policy[key] for name, key in keys.items()})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        key = ".".join(map(str, ("policy", *first["loc"])))
        place = _line(policy, keys.get(str(first["loc"][0]))) if first["loc"] else line
        return _wrong(place, f"{key}: {first['msg'].lower()}")


def _line(mapping: Any, key: Any) -> int:
    """Where a key stands, counted from 1."""
    try:
        return int(mapping.lc.key(key)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return 1


def _wrong(line: int, what: str) -> NotAllowed:
    return NotAllowed(f"{FILE}:{line} on the default branch {what}", settings_line=line)
