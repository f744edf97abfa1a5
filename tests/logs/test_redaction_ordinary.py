"""What a log says of the failure comes out as it went in: a false alarm costs the evidence."""

from pathlib import Path

import pytest

from logs.redaction_samples import B64, DIGITS, HEX, of
from selfheal.logs.redaction import Redactor

RECORDINGS = Path(__file__).parents[1] / "recordings"
REDACTOR = Redactor(("hunter2hunter2",))
SHA1, SHA256, SHA512 = of(HEX, 40), of(HEX, 64), of(B64, 86) + "=="
UUID = "-".join(of(HEX, length) for length in (8, 4, 4, 4, 12))
LINES = {
    "pip": f"""
        Collecting requests<3,>=2.31 (from -r requirements.txt (line 3))
          Downloading https://files.example/packages/{SHA256[:2]}/{SHA256[2:]}/requests-2.32.3.whl.metadata (4.6 kB)
        ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.
            Expected sha256 {SHA256}
                 Got        {of(HEX, 64, seed=2)}
        requests==2.32.3 --hash=sha256:{SHA256}
        Created wheel for token_bucket: filename=token_bucket-0.3.0-py3-none-any.whl size=7412 sha256={SHA256}
          Stored in directory: /home/runner/.cache/pip/wheels/{SHA256[:2]}/{SHA256[2:4]}/{of(HEX, 56)}
        token_bucket-0.3.0.dist-info/RECORD,,
        kafka/protocol/add_partitions.pyi,sha256=sk-sH1I6OL_lOn3fntKGV6drtVxKqLCuXK7yOyLbTxA,959
        Successfully installed keyring-25.7.0 python-jose-3.3.0 secretstorage-3.3.3 tokenizers-0.20.1
        git+https://git@github.com/org/repo.git@{SHA1}#egg=repo
    """,
    "npm": f"""
        npm notice integrity: sha512-{SHA512}
        npm notice shasum:    {SHA1}
              "integrity": "sha512-{SHA512}",
              "resolved": "https://registry.npmjs.example/js-tokens/-/js-tokens-4.0.0.tgz",
        npm http fetch GET 200 https://registry.npmjs.example/@babel%2fcore 231ms (cache revalidated)
        npm error code ERESOLVE while resolving: react-token-input@2.11.0
        npm warn deprecated @npmcli/move-file@1.1.2: This functionality has been moved to @npmcli/fs
        yarn lockfile: js-tokens@^3.0.0 || ^4.0.0: resolved "https://x.test/js-tokens-4.0.0.tgz#{SHA1}"
        npm error A complete log of this run is in: /home/me/.npm/_logs/2026-01-02T03_04_05_678Z-debug-0.log
        Progress: resolved 1023, reused 998, downloaded 25, added 1023, done
    """,
    "cargo": f"""
           Compiling keyed_priority_queue v0.4.2
             Running `rustc --crate-name key --edition=2021 -C metadata={of(HEX, 16)} -C extra-filename=-{of(HEX, 16)}`
             Running unittests src/lib.rs (target/debug/deps/secrets-{of(HEX, 16)})
        checksum = "{SHA256}"
        error[E0425]: cannot find value `auth_token_for_user_2` in this scope
        test auth::tests::token_is_refreshed_after_3600_s ... FAILED
         left: Key {{ id: 12345678901234 }}
    """,
    "go": f"""
        go: downloading github.com/golang-jwt/jwt/v5 v5.2.1
        github.com/golang-jwt/jwt/v5 v5.2.1 h1:{of(B64, 43)}=
        verifying module: checksum mismatch downloaded: h1:{of(B64, 43)}=
        github.com/a/b v0.0.0-20240102030405-{of(HEX, 12)}
        --- FAIL: TestKeyring/token=expired (0.00s)
    """,
    "docker": f"""
        #5 [internal] load metadata for docker.io/library/python:3.11-slim@sha256:{SHA256}
        #5 sha256:{SHA256} 29.13MB / 29.13MB 0.8s done
        #6 [auth] library/python:pull token for registry-1.docker.io
        #7 importing cache manifest from type=gha,scope=build key=buildkit-linux-amd64-{of(HEX, 40)}
         => => writing image sha256:{SHA256} 0.0s
        Digest: sha256:{SHA256}
    """,
    "actions": f"""
        Cache restored from key: setup-python-Linux-x64-24.04-Ubuntu-python-3.11.9-pip-{SHA256}
        Cache hit for: node-cache-Linux-x64-npm-{SHA256}
        Cache saved with the key: Linux-build-{SHA256}
          key: ${{{{ runner.os }}}}-pip-${{{{ hashFiles('**/requirements.txt') }}}}
          token: ***
        AUTHORIZATION: basic ***
        [command]/usr/bin/git -c protocol.version=2 fetch --depth=1 origin +{SHA1}:refs/remotes/pull/7/merge
        HEAD is now at {SHA1[:7]} Merge {SHA1} into {of(HEX, 40, seed=4)}
        Artifact download URL: https://github.com/o/r/actions/runs/9876543210/artifacts/1234567890
        SHA256 digest of uploaded artifact zip is {SHA256}
        Secret source: Actions
    """,
    "apt and gpg": f"""
        Get:17 http://deb.debian.example/debian bookworm/main amd64 libpam-modules amd64 1.5.2-6+deb12u1 [291 kB]
        gpg: key {of(DIGITS + "ABCDEF", 16)}: public key "Some One <some@one.example>" imported
        gpg: using RSA key {of(DIGITS + "ABCDEF", 40)}
        Key fingerprint = 9DC8 5822 9FC7 DD38 854A  E2D8 8D81 803C 0EBF CD88
        SHA256:{of(B64, 43)} user@host (ED25519)
        ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{of(B64, 43)} user@host
    """,
    "python": f"""
        tests/test_auth.py::TestTokens::test_token_key_2[api_key-v2-None] FAILED [ 66%]
        E       KeyError: 'user_name_2'
        E       AssertionError: assert 'primary_key_of_2' == 'primary_key_of_3'
            auth = base64.b64encode(credentials.encode('utf-8')).decode('ascii')
            token = urllib3.util.make_headers(basic_auth=credentials)
            self.password_handler = HTTPBasicAuthHandler2(manager)
            pair_keys = SearchCommands._INFO_ATTR_PAIR_KEYS
            iterkeys = MutableMapping.iterkeys
        exports.assertTSObjectKeyword = assertTSObjectKeyword;
        const tokenBefore = sourceCode.getTokenBefore(node2);
          <app.keys.Keyring object at 0x7f3a1c2b4d50> key=0x7f3a1c2b4d50
        django.db.utils.IntegrityError: Key (id)=({UUID}) already exists.
        token_file = /home/runner/work/_temp/2f3e4d5c/credentials.json
        snapshot: {of(B64, 120)}==
        id: {UUID} trace={of(HEX, 32)} span={of(HEX, 16)}
        src/pkg/secrets/token_bucket.py:123:45: error: Missing key "token_type_v2"  [typeddict-item]
        http://localhost:8080/path?page=2&sort=created_at_desc
    """,
}


@pytest.mark.parametrize("tool", LINES)
def test_ordinary_lines_stay(tool: str) -> None:
    """Hashes, versions, paths, identifiers and test ids are no secrets, whatever they stand beside."""
    for line in LINES[tool].splitlines():
        assert REDACTOR.redact(line) == line


def test_recorded_logs_stay() -> None:
    """No line of a real tool's log is touched."""
    logs = sorted(RECORDINGS.rglob("*.log"))
    changed = {str(log.relative_to(RECORDINGS)): found for log in logs if (found := _changed(log))}

    assert logs
    assert not changed


def _changed(log: Path) -> list[str]:
    text = log.read_bytes().decode("utf-8", "replace")
    redacted = REDACTOR.redact(text)
    if redacted == text:
        return []
    return [line for line in text.splitlines() if line not in redacted][:3]
