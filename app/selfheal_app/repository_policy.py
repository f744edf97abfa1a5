"""What the owner of a repository allows: the policy in `.github/selfheal.yml` on the default branch.

Never the file of the commit that failed: whoever wrote that commit could loosen it.
"""

from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from selfheal.contract.policy import PolicySettings
from selfheal_app.errors import GitHubFailed
from selfheal_app.publishing.api import Api, Known, Rejected
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
        return NotAllowed(file.message)
    return read_policy(file.content)


def read_policy(data: bytes) -> PolicySettings | NotAllowed:
    """Read the key `policy`; what else the file holds is the runner's side's to judge."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if len(data) > _MAX_BYTES:
        return NotAllowed(f"{FILE} on the default branch has more than {_MAX_BYTES} bytes")
    try:
        document: Any = YAML(typ="safe", pure=True).load(data)
    except (YAMLError, ValueError, RecursionError) as error:
        return NotAllowed(f"{FILE} on the default branch is no YAML ({type(error).__name__})")
    policy = document.get("policy") if isinstance(document, dict) else None
    if document is not None and not isinstance(document, dict):
        return NotAllowed(f"{FILE} on the default branch holds no mapping")
    try:
        return PolicySettings.model_validate(_underscored(policy or {}))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        key = ".".join(map(str, ("policy", *first["loc"])))
        return NotAllowed(f"{FILE} on the default branch: {key}: {first['msg'].lower()}")


def _underscored(value: Any) -> Any:
    """Keys may be written with hyphens, as on the runner's side."""
    return {str(key).replace("-", "_"): item for key, item in value.items()} if isinstance(value, dict) else value
