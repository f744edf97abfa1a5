"""What npm, pnpm and yarn print when they refuse to install or a script ends badly."""

# ruff: noqa: E501 - the projects' sources stand on one line each

import json

from recordings.case import Case
from recordings.javascript_checker_cases import QUIET

NPM6 = "node $TOOLS/packagers-6/node_modules/npm/bin/npm-cli.js"
NPM8 = "node $TOOLS/packagers-old/node_modules/npm/bin/npm-cli.js"
PNPM = "node $TOOLS/packagers/node_modules/pnpm/bin/pnpm.cjs"
PNPM8 = "node $TOOLS/packagers-old/node_modules/pnpm/bin/pnpm.cjs"
YARN = "node $TOOLS/packagers/node_modules/@yarnpkg/cli-dist/bin/yarn.js"
YARN1 = "node $TOOLS/packagers-old/node_modules/yarn/bin/yarn.js"
CERTIFICATES = {"YARN_HTTPS_CA_FILE_PATH": "/etc/ssl/certs/ca-certificates.crt"}


def _package(**fields: object) -> str:
    return json.dumps({"name": "shop", "version": "1.0.0", "private": True, **fields}, indent=2) + "\n"


def _case(tool: str, name: str, command: str, files: dict[str, str], category: str, **failure: object) -> Case:
    changes = {key: failure.pop(key) for key in ("setup", "wrap", "environment") if key in failure}
    expected = {"category": category, "failures": [failure], "count": 1}
    environment = {**QUIET, **CERTIFICATES, **changes.pop("environment", {})}
    return Case(tool, name, command, files, expected, environment=environment, **changes)


def _manifest(**fields: object) -> dict[str, str]:
    return {"package.json": _package(**fields)}


CONFLICT = _manifest(dependencies={"react": "17.0.2", "react-dom": "18.2.0"})
NO_PACKAGE = _manifest(dependencies={"selfheal-no-such-package": "^1.0.0"})
NO_VERSION = _manifest(dependencies={"is-number": "^99.0.0"})
FAILING = _manifest(scripts={"test": "node check.js"}) | {"check.js": "process.exit(3);\n"}
ENGINE = _manifest(engines={"node": "^10.0.0"})
UNLOCKED = _manifest(dependencies={"is-number": "^7.0.0"})
CHANGE = """sed -i 's/"is-number": "^7.0.0"/"is-number": "^6.0.0"/' package.json"""
NO_SCRIPT = _manifest(scripts={"build": "node build.js"})
BAD_JSON = {"package.json": '{\n  "name": "shop",\n  "version": "1.0.0"\n  "private": true\n}\n'}
GYP = _manifest(dependencies={"native": "file:native"}) | {
    "native/package.json": '{"name": "native", "version": "1.0.0", "gypfile": true, "scripts": {"install": "node-gyp rebuild"}}\n',
    "native/binding.gyp": '{"targets": [{"target_name": "native", "sources": ["native.cc"]}]}\n',
    "native/native.cc": "#include <node_api.h>\n\nint broken(\n",
}
SCRIPT = _manifest(dependencies={"hooked": "file:hooked"}) | {
    "hooked/package.json": '{"name": "hooked", "version": "1.0.0", "scripts": {"postinstall": "node setup.js"}}\n',
    "hooked/setup.js": "console.error('no prebuilt binary for this platform');\nprocess.exit(1);\n",
}

WORKSPACE = {
    "package.json": _package(scripts={"test": "pnpm -r test"}),
    "pnpm-workspace.yaml": "packages:\n  - packages/*\n",
    "packages/a/package.json": '{"name": "a", "version": "1.0.0", "scripts": {"test": "node check.js"}}\n',
    "packages/a/check.js": "console.log('fine');\n",
    "packages/b/package.json": '{"name": "b", "version": "1.0.0", "scripts": {"test": "node check.js"}}\n',
    "packages/b/check.js": "const rates = {};\nconsole.log(rates.eur.value);\n",
}
WORKSPACES = _manifest(workspaces=["packages/*"]) | {
    "packages/a/package.json": '{"name": "a", "version": "1.0.0", "scripts": {"test": "exit 4"}}\n',
}
NPM_CASES = (
    _case("npm", "eresolve", "npm install", CONFLICT, "dependency", file="package.json", code="ERESOLVE"),
    _case("npm", "eresolve-github", "npm install", CONFLICT, "dependency", code="ERESOLVE", wrap="github"),
    _case("npm", "eresolve-8", f"{NPM8} install", CONFLICT, "dependency", file="package.json", code="ERESOLVE"),
    _case("npm", "no-package", "npm install", NO_PACKAGE, "dependency", file="package.json", code="E404"),
    _case("npm", "no-package-8", f"{NPM8} install", NO_PACKAGE, "dependency", file="package.json", code="E404"),
    _case("npm", "no-version", "npm install", NO_VERSION, "dependency", file="package.json", code="ETARGET"),
    _case("npm", "no-version-colour", "npm install --color=always", NO_VERSION, "dependency", code="ETARGET"),
    _case("npm", "missing-script", "npm run buidl", NO_SCRIPT, "config", message='Missing script: "buidl"'),
    _case("npm", "missing-script-8", f"{NPM8} run buidl", NO_SCRIPT, "config", message='Missing script: "buidl"'),
    _case("npm", "ci-no-lock", "npm ci", UNLOCKED, "dependency", code="EUSAGE"),
    _case(
        "npm",
        "ci-out-of-sync",
        "npm ci",
        UNLOCKED,
        "dependency",
        file="package-lock.json",
        code="EUSAGE",
        setup=f"npm install --package-lock-only && {CHANGE}",
    ),
    _case(
        "npm",
        "ci-out-of-sync-8",
        f"{NPM8} ci",
        UNLOCKED,
        "dependency",
        file="package-lock.json",
        code="EUSAGE",
        setup=f"npm install --package-lock-only && {CHANGE}",
    ),
    _case(
        "npm",
        "build-fails-6",
        f"{NPM6} run build",
        _manifest(scripts={"build": "exit 2"}),
        "unknown",
        code="ELIFECYCLE",
    ),
    _case("npm", "script-fails-6", f"{NPM6} test", FAILING, "unknown", code=None),
    _case("npm", "script-fails-workspace", "npm test --workspaces", WORKSPACES, "unknown"),
    Case(
        "npm",
        "workspaces",
        "npm test --workspaces",
        {**WORKSPACE, "package.json": _package(workspaces=["packages/*"])},
        {"category": "test", "failures": [{"file": "packages/b/check.js", "line": 2, "code": "TypeError"}]},
        environment=QUIET,
    ),
    _case("npm", "engine", "npm install --engine-strict", ENGINE, "config", code="EBADENGINE"),
    _case("npm", "bad-json", "npm install", BAD_JSON, "syntax", file="package.json", code="EJSONPARSE"),
    _case("npm", "no-manifest", "npm test", {"readme.md": "\n"}, "config", code="ENOENT"),
    _case(
        "npm",
        "gyp",
        "npm install --install-links",
        GYP,
        "build",
        file="native/native.cc",
        line=3,
        environment={"npm_config_nodedir": "/usr"},
    ),
    _case("npm", "postinstall", "npm install --install-links", SCRIPT, "dependency", code="1"),
    _case(
        "npm",
        "platform",
        "npm install",
        _manifest(dependencies={"fsevents": "2.3.3"}),
        "dependency",
        code="EBADPLATFORM",
    ),
    _case(
        "npm",
        "workspace-missing",
        "npm test --workspace=nope",
        FAILING,
        "config",
        message="No workspaces found:",
    ),
)

TYPED = {
    "package.json": _package(),
    "pnpm-workspace.yaml": WORKSPACE["pnpm-workspace.yaml"],
    "packages/a/package.json": '{"name": "a", "version": "1.0.0", "scripts": {"build": "tsc"}}\n',
    "packages/a/tsconfig.json": '{"compilerOptions": {"strict": true, "noEmit": true, "types": []}}\n',
    "packages/a/index.ts": "export const a: number = 1;\n",
    "packages/b/package.json": '{"name": "b", "version": "1.0.0", "scripts": {"build": "tsc --pretty"}}\n',
    "packages/b/tsconfig.json": '{"compilerOptions": {"strict": true, "noEmit": true, "types": []}}\n',
    "packages/b/index.ts": "export const size = 1;\n\nexport const name: string = size;\n",
}
PNPM_CASES = (
    Case(
        "pnpm",
        "recursive-tsc",
        f"{PNPM} -r build",
        TYPED,
        {"category": "types", "failures": [{"file": "packages/b/index.ts", "line": 3, "column": 14, "code": "TS2322"}]},
        wrap="github",
    ),
    _case(
        "pnpm",
        "no-package",
        f"{PNPM} install",
        NO_PACKAGE,
        "dependency",
        file="package.json",
        code="ERR_PNPM_FETCH_404",
    ),
    _case("pnpm", "no-version", f"{PNPM} install", NO_VERSION, "dependency", code="ERR_PNPM_NO_MATCHING_VERSION"),
    _case(
        "pnpm",
        "no-version-colour",
        f"{PNPM} install",
        NO_VERSION,
        "dependency",
        code="ERR_PNPM_NO_MATCHING_VERSION",
        environment={"FORCE_COLOR": "1"},
        wrap="github",
    ),
    _case("pnpm", "no-version-8", f"{PNPM8} install", NO_VERSION, "dependency", code="ERR_PNPM_NO_MATCHING_VERSION"),
    _case(
        "pnpm",
        "outdated-lockfile",
        f"{PNPM} install --frozen-lockfile",
        UNLOCKED,
        "dependency",
        file="pnpm-lock.yaml",
        code="ERR_PNPM_OUTDATED_LOCKFILE",
        setup=f"{PNPM} install --lockfile-only && {CHANGE}",
    ),
    _case(
        "pnpm",
        "outdated-lockfile-8",
        f"{PNPM8} install --frozen-lockfile",
        UNLOCKED,
        "dependency",
        file="pnpm-lock.yaml",
        code="ERR_PNPM_OUTDATED_LOCKFILE",
        setup=f"{PNPM8} install --lockfile-only && {CHANGE}",
    ),
    _case(
        "pnpm", "no-lockfile", f"{PNPM} install --frozen-lockfile", UNLOCKED, "dependency", code="ERR_PNPM_NO_LOCKFILE"
    ),
    _case(
        "pnpm",
        "peers",
        f"{PNPM} install --strict-peer-dependencies --config.auto-install-peers=false",
        CONFLICT,
        "dependency",
        code="ERR_PNPM_PEER_DEP_ISSUES",
    ),
    _case("pnpm", "missing-script", f"{PNPM} run buidl", NO_SCRIPT, "config", code="ERR_PNPM_NO_SCRIPT"),
    _case("pnpm", "script-fails", f"{PNPM} test", FAILING, "unknown", code="ELIFECYCLE"),
    _case("pnpm", "engine", f"{PNPM} install --engine-strict", ENGINE, "config", code="ERR_PNPM_UNSUPPORTED_ENGINE"),
    _case("pnpm", "bad-json", f"{PNPM} install", BAD_JSON, "syntax", file="package.json", line=4),
    Case(
        "pnpm",
        "recursive",
        f"{PNPM} -r test",
        WORKSPACE,
        {"category": "test", "failures": [{"file": "packages/b/check.js", "line": 2, "code": "TypeError"}]},
    ),
    Case(
        "pnpm",
        "recursive-8",
        f"{PNPM8} -r test",
        WORKSPACE,
        {"category": "test", "failures": [{"file": "packages/b/check.js", "line": 2, "code": "TypeError"}]},
    ),
)

YARN_CASES = (
    _case("yarn", "no-package-1", f"{YARN1} install", NO_PACKAGE, "dependency", file="package.json"),
    _case("yarn", "no-version-1", f"{YARN1} install --non-interactive", NO_VERSION, "dependency", file="package.json"),
    _case(
        "yarn",
        "frozen-lockfile-1",
        f"{YARN1} install --frozen-lockfile",
        UNLOCKED,
        "dependency",
        file="yarn.lock",
        setup=f"{YARN1} install && {CHANGE}",
    ),
    _case("yarn", "script-fails-1", f"{YARN1} test", FAILING, "unknown", code="3"),
    _case("yarn", "missing-script-1", f"{YARN1} run buidl", NO_SCRIPT, "config", message='Command "buidl" not found.'),
    _case("yarn", "engine-1", f"{YARN1} install", ENGINE, "config"),
    _case("yarn", "bad-json-1", f"{YARN1} install", BAD_JSON, "syntax", file="package.json"),
    _case(
        "yarn", "no-package", f"{YARN} install", NO_PACKAGE, "dependency", file="package.json", setup="touch yarn.lock"
    ),
    _case("yarn", "no-version", f"{YARN} install", NO_VERSION, "dependency", code="YN0082", setup="touch yarn.lock"),
    _case(
        "yarn",
        "no-version-colour",
        f"{YARN} install",
        NO_VERSION,
        "dependency",
        code="YN0082",
        setup="touch yarn.lock",
        environment={"FORCE_COLOR": "1", "GITHUB_ACTIONS": "true"},
        wrap="github",
    ),
    _case(
        "yarn",
        "immutable",
        f"{YARN} install --immutable",
        UNLOCKED,
        "dependency",
        code="YN0028",
        file="yarn.lock",
        setup=f"touch yarn.lock && {YARN} install && {CHANGE}",
    ),
    _case(
        "yarn", "missing-script", f"{YARN} run buidl", NO_SCRIPT, "config", setup=f"touch yarn.lock && {YARN} install"
    ),
    _case(
        "yarn",
        "not-installed",
        f"{YARN} test",
        FAILING | UNLOCKED | _manifest(scripts={"test": "node check.js"}, dependencies={"is-number": "7.0.0"}),
        "dependency",
        setup="touch yarn.lock",
    ),
    _case("yarn", "bad-json", f"{YARN} install", BAD_JSON, "syntax", file="package.json"),
)
