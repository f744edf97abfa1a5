"""A CI system that loses, stops or cuts off a job, or whose own services are down."""

from selfheal.contract.diagnosis import Category
from selfheal.logs.parsers.system.sign import Sign, Weight

_AGAIN = "Run the job again; if it stays, check the CI system's status page."
_CANCELED = "Nothing is known of the code: run the job again, unless it was canceled on purpose."
_LIMIT = "Raise the job's time limit or split the job; if it comes again, look for what hangs."


def _runner(code: str, needle: str, summary: str, pattern: str = "", *, advice: str = _AGAIN) -> Sign:
    return Sign(code, needle, Category.INFRA, summary, advice, Weight.CERTAIN, pattern)


def _service(code: str, needle: str, summary: str, pattern: str = "", *, advice: str = _AGAIN) -> Sign:
    return Sign(code, needle, Category.INFRA, summary, advice, Weight.GAVE_UP, pattern)


def _limited(needle: str, pattern: str = "") -> Sign:
    advice = "Wait for the limit to be lifted, or use a token with a higher one."
    return _service("rate-limit", needle, "the API's rate limit is used up", pattern, advice=advice)


RUNNER_SIGNS: tuple[Sign, ...] = (
    _runner("runner-lost", "lost communication with the server", "the runner lost its connection to the CI server"),
    _runner("runner-lost", "runner encountered an error while running your job", "the runner broke down"),
    _runner("runner-lost", "An error occurred while provisioning resources", "no runner could be had"),
    _runner("runner-lost", "Received request to deprovision", "the runner was taken away"),
    _runner("runner-lost", "has encountered an internal error when running your job", "the CI system broke down"),
    _runner("runner-lost", "The job was not acquired by Runner", "no runner took the job"),
    _runner("runner-lost", "ERROR: Job failed (system failure)", "the runner broke down"),
    _runner(
        "runner-lost", "Backing channel '", "the build agent went away", r"Backing channel '.{1,200}' is disconnected"
    ),
    _runner(
        "runner-lost",
        "Cannot contact ",
        "the build agent went away",
        r"Cannot contact .{1,200}: (?:java\.lang\.InterruptedException|hudson\.)",
    ),
    _runner("runner-lost", "We stopped hearing from agent", "the build agent went away"),
    _runner("runner-stopped", "The runner has received a shutdown signal", "the runner was shut down"),
    _runner(
        "canceled",
        "The operation was canceled.",
        "the job was canceled",
        r"(?:Error: )?The operation was canceled\.$",
        advice=_CANCELED,
    ),
    _runner(
        "time-limit",
        "has exceeded the maximum execution time of",
        "the job ran out of time",
        r".{0,200}exceeded the maximum execution time of (\d{1,6}\w{0,10}(?: minutes)?)",
        advice=_LIMIT,
    ),
    _runner(
        "time-limit",
        "' has timed out after ",
        "a step ran out of time",
        r".{0,300}The action '(.{1,200})' has timed out after \d{1,6} minutes",
        advice=_LIMIT,
    ),
    _runner("time-limit", "ERROR: Job failed: execution took longer than", "the job ran out of time", advice=_LIMIT),
    _runner("time-limit", "Too long with no output (exceeded", "the job hung", advice=_LIMIT),
    _runner("time-limit", "No output has been received in the last", "the job hung", advice=_LIMIT),
    _runner("time-limit", "The job exceeded the maximum time limit for jobs", "the job ran out of time", advice=_LIMIT),
    _limited("API rate limit exceeded"),
    _limited("You have exceeded a secondary rate limit"),
    _service(
        "actions-service",
        "Failed to resolve action download info",
        "actions can't be downloaded",
        r".{0,40}Failed to resolve action download info\. (?!.{0,40}Not Found)",
    ),
    _service("actions-service", "Failed to download archive '", "actions can't be downloaded"),
    _service("actions-service", "Failed to download action '", "actions can't be downloaded"),
    _service(
        "artifact-service",
        "Failed to CreateArtifact: ",
        "the artifact service failed",
        r".{0,40}Failed to CreateArtifact: (?!.{0,80}(?:\(409\)|[Cc]onflict))(.{1,160})",
    ),
    _service("artifact-service", "Failed to FinalizeArtifact: ", "the artifact service failed"),
    _service("artifact-service", "Failed to ListArtifacts: ", "the artifact service failed"),
    _service("artifact-service", "Failed to GetSignedArtifactURL: ", "the artifact service failed"),
    _service(
        "artifact-service",
        "Artifact storage quota has been hit",
        "the artifact storage is full",
        advice="Delete old artifacts, or wait until the quota is counted anew.",
    ),
    _service("artifact-service", "Create Artifact Container failed", "the artifact service failed"),
    Sign(
        "cache-service",
        "Cache service responded with ",
        Category.INFRA,
        "the cache service failed",
        _AGAIN,
        Weight.MENTION,
        r"(?!.{0,20}[Ww]arning).{0,200}Cache service responded with (429|5\d\d)",
    ),
    _service(
        "service-container",
        "One or more containers failed to start.",
        "a service container did not start",
        advice="Look at the container's log above; check its image, its options and its health check.",
    ),
    _service(
        "service-container",
        "Failed to initialize, ",
        "a service container is not healthy",
        r".{0,20}Failed to initialize, (\S{1,100}) service is unhealthy",
        advice="Look at the container's log above; check its image and its health check.",
    ),
)
