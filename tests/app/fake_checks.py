"""What the fake GitHub knows besides git: check runs, comments, people's rights, runs that start again."""

import re
from typing import Any

from aiohttp import web

MOST_ANNOTATIONS = 50


class Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class ChecksAndComments:
    """A part of FakeGitHub; the lists live as long as it does."""

    repository: str
    pulls: list[dict[str, Any]]

    def begin(self) -> None:
        self.check_runs: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.reactions: dict[int, set[str]] = {}
        self.rights: dict[str, str] = {}
        self.runs: list[dict[str, Any]] = []
        self.reruns: list[int] = []
        self.hook_deliveries: list[dict[str, Any]] = []
        self.redelivered: list[int] = []
        self.protected: set[str] = set()

    def as_app(self, request: web.Request) -> web.Response | None:
        """What is asked for in the App's own name."""
        if request.path == "/app/hook/deliveries":
            begin, count = int(request.query.get("cursor", "v1_0")[3:]), int(request.query["per_page"])
            page = self.hook_deliveries[begin : begin + count]
            more = f'<{request.url}&cursor=v1_{begin + count}>; rel="next"'
            return web.json_response(page, headers={"Link": more} if begin + count < len(self.hook_deliveries) else {})
        if match := re.fullmatch(r"/app/hook/deliveries/(\d+)/attempts", request.path):
            self.redelivered.append(int(match[1]))
            return web.json_response({}, status=202)
        return None

    def run(self, number: int, head_sha: str, branch: str, **changes: Any) -> dict[str, Any]:
        """A run that has failed."""
        facts = {
            "id": number,
            "run_attempt": 1,
            "head_sha": head_sha,
            "head_branch": branch,
            "event": "push",
            "status": "completed",
            "conclusion": "failure",
            "head_repository": {"full_name": self.repository},
        }
        self.runs.append(facts | changes)
        return self.runs[-1]

    def run_numbered(self, number: int) -> dict[str, Any]:
        found = [each for each in self.runs if each["id"] == number]
        if not found:
            raise KeyError(number)
        return found[0]

    def post_actions(self, rest: str, _: Any) -> Any:
        match rest.split("/"):
            case ["runs", number, "rerun-failed-jobs"]:
                run = self.run_numbered(int(number))
                if run["status"] != "completed":
                    raise Refused(403, "This workflow is already running")
                run["run_attempt"] += 1
                run["status"] = "queued"
                self.reruns.append(int(number))
                return {}
        raise KeyError(rest)

    def get_commits(self, rest: str, query: Any) -> Any:
        sha, _, what = rest.partition("/")
        assert what == "check-runs" and query["filter"] == "all"
        found = [each for each in self.check_runs if each["head_sha"] == sha and each["name"] == query["check_name"]]
        return {"total_count": len(found), "check_runs": found}

    def post_check_runs(self, _: str, body: Any) -> Any:
        number = len(self.check_runs) + 1
        made = {"id": number, "html_url": f"https://github.example/{self.repository}/runs/{number}"}
        self.check_runs.append(made | body | {"output": {"annotations_count": 0}, "annotations": []})
        return self.patch_check_runs(str(number), body)

    def patch_check_runs(self, rest: str, body: Any) -> Any:
        check = self.check_runs[int(rest) - 1]
        output = dict(body["output"])
        annotations = output.pop("annotations", [])
        if len(annotations) > MOST_ANNOTATIONS:
            raise Refused(422, "No more than 50 annotations in one request")
        for action in body["actions"]:
            if len(action["label"]) > 20 or len(action["description"]) > 40 or len(action["identifier"]) > 20:
                raise Refused(422, "Validation Failed")
        check["annotations"] += annotations
        output["annotations_count"] = len(check["annotations"])
        check |= body
        check["output"] = output
        return check

    def get_collaborators(self, rest: str, _: Any) -> Any:
        login = rest.removesuffix("/permission")
        if login not in self.rights:
            raise Refused(404, f"{login} is not a user")
        return {"permission": self.rights[login], "role_name": self.rights[login]}

    def get_branches(self, rest: str, _: Any) -> Any:
        return {"name": rest, "protected": rest in self.protected}

    def get_issues(self, rest: str, _: Any) -> Any:
        number = int(rest.removesuffix("/comments"))
        return [each for each in self.comments if each["issue"] == number]

    def post_issues(self, rest: str, body: Any) -> Any:
        if rest.endswith("/reactions"):
            self.reactions.setdefault(int(rest.split("/")[1]), set()).add(body["content"])
            return {"id": 1, "content": body["content"]}
        made = {"id": 1000 + len(self.comments), "issue": int(rest.split("/")[0]), "user": {"type": "Bot"}}
        self.comments.append(made | body)
        return self.comments[-1]

    def patch_pulls(self, rest: str, body: Any) -> Any:
        pull = self.pulls[int(rest) - 1]
        pull |= body
        return pull

    def put_pulls(self, rest: str, body: Any) -> Any:
        pull = self.pulls[int(rest.removesuffix("/merge")) - 1]
        if pull["merged"] or pull["state"] != "open":
            raise Refused(405, "Pull Request is not mergeable")
        if body["sha"] != pull["head"]["sha"]:
            raise Refused(409, "Head branch was modified. Review and try the merge again.")
        pull |= {"merged": True, "state": "closed"}
        self.git("update-ref", f"refs/heads/{pull['base']['ref']}", body["sha"])
        return {"sha": body["sha"], "merged": True, "message": "Pull Request successfully merged"}

    def delete_git_refs(self, rest: str, _: Any) -> Any:
        if rest.removeprefix("heads/") not in self.branches():
            raise Refused(422, "Reference does not exist")
        self.git("update-ref", "-d", f"refs/{rest}")

    def git(self, *arguments: str) -> str:
        raise NotImplementedError

    def branches(self) -> dict[str, str]:
        raise NotImplementedError
