"""What the tools of JavaScript and TypeScript print."""

from recordings.javascript_checker_cases import CHECKER_CASES
from recordings.javascript_node_cases import MOCHA_CASES, NODE_CASES
from recordings.javascript_package_cases import NPM_CASES, PNPM_CASES, YARN_CASES
from recordings.javascript_test_cases import JEST_CASES, VITEST_CASES

JAVASCRIPT_CASES = (
    *CHECKER_CASES,
    *JEST_CASES,
    *VITEST_CASES,
    *MOCHA_CASES,
    *NODE_CASES,
    *NPM_CASES,
    *PNPM_CASES,
    *YARN_CASES,
)
JAVASCRIPT_VERSIONS = {
    tool: f"{tool} --version"
    for tool in (
        "tsc",
        "eslint",
        "prettier",
        "biome",
        "jest",
        "vitest",
        "mocha",
        "node",
        "npm",
        "pnpm",
        "yarn",
    )
}
