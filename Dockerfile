# Images of one distribution. Name the base by digest where builds must be repeatable:
#   docker build --target app --build-arg BASE=python:3.12-slim@sha256:… -t selfheal-app .
# Behind a proxy with its own certificates, hand pip its configuration as secrets:
#   --secret id=pip,src=pip.conf --secret id=ca,src=ca.crt
ARG BASE=python:3.12-slim

FROM ${BASE} AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python3 -m venv /opt/build
COPY requirements/ requirements/
# what builds the wheel stays in this stage
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=ca,target=/etc/selfheal-ca.crt \
    grep -q . /etc/selfheal-ca.crt 2>/dev/null && export PIP_CERT=/etc/selfheal-ca.crt; \
    /opt/build/bin/pip install --quiet --no-deps --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY action/ action/
COPY app/ app/
RUN /opt/build/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /wheels .

# Neither the embedded engine (the model is a sidecar's) nor anything that only compilers and type checkers read.
FROM build AS agents-venv
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=ca,target=/etc/selfheal-ca.crt \
    grep -q . /etc/selfheal-ca.crt 2>/dev/null && export PIP_CERT=/etc/selfheal-ca.crt; \
    python3 -m venv /opt/selfheal \
    && /opt/selfheal/bin/pip install --quiet --no-deps --no-compile --require-hashes -r requirements/agents.txt \
    && /opt/selfheal/bin/pip install --quiet --no-deps --no-compile --no-index /wheels/*.whl \
    && /opt/selfheal/bin/pip uninstall --quiet --yes pip setuptools \
    && rm -rf /opt/selfheal/lib/python3*/site-packages/selfheal_app /opt/selfheal/bin/selfheal-app \
    && find /opt/selfheal \( -name '*.pyi' -o -name '*.h' -o -name '*.a' \) -delete \
    && rm -rf $(find /opt/selfheal -path '*/libcst/*' -type d -name tests) \
    && find /opt/selfheal -path '*/pillow.libs/*' \
        \( -name 'libavif*' -o -name 'libwebp*' -o -name 'libfreetype*' -o -name 'libharfbuzz*' -o -name 'liblcms*' \) \
        -delete \
    && find /opt/selfheal -path '*/PIL/*.so' ! -name '_imaging.*' -delete \
    && find /opt/selfheal -path '*/pygments/lexers/*' -name '*.py' ! -name '__init__.py' ! -name '_mapping.py' -delete \
    && find /opt/selfheal -name 'THIRD_PARTY_NOTICES*' -size +1M -exec gzip -9 {} +
# AutoGen asks for pillow and shows no picture here, rich asks for pygments and colours no code. What a repair imports
# is compiled, the rest of it is not: a read-only root keeps no cache, and compiling takes longer than most repairs.
RUN PYTHONDONTWRITEBYTECODE= /opt/selfheal/bin/python -I -c "import selfheal.github.agents, selfheal.team.chat, \
    selfheal.models.ollama_engine, autogen_ext.models.ollama, ollama, httpx, libcst, ruamel.yaml, kingfisher_sdk"

# The whole runner's side in one image, with the embedded engine.
FROM agents-venv AS runner-venv
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=ca,target=/etc/selfheal-ca.crt \
    grep -q . /etc/selfheal-ca.crt 2>/dev/null && export PIP_CERT=/etc/selfheal-ca.crt; \
    /opt/build/bin/pip --python /opt/selfheal/bin/python install --quiet --no-deps --require-hashes \
        -r requirements/embedded.txt

FROM build AS app-venv
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=ca,target=/etc/selfheal-ca.crt \
    grep -q . /etc/selfheal-ca.crt 2>/dev/null && export PIP_CERT=/etc/selfheal-ca.crt; \
    python3 -m venv /opt/selfheal \
    && /opt/selfheal/bin/pip install --quiet --no-deps --no-compile --require-hashes -r requirements/app.txt \
    && /opt/selfheal/bin/pip install --quiet --no-deps --no-compile --no-index /wheels/*.whl \
    && /opt/selfheal/bin/pip uninstall --quiet --yes pip setuptools \
    && find /opt/selfheal/lib/python3*/site-packages/selfheal -mindepth 1 -maxdepth 1 \
        ! -name contract ! -name page ! -name __init__.py -exec rm -rf {} + \
    && rm /opt/selfheal/bin/selfheal \
    && cd /opt/selfheal/lib/python3*/site-packages \
    && rm -rf kingfisher_sdk kingfisher_secret_scanner-* ahocorasick_rs* drain3* githubkit_schemas/v20* \
        sqlalchemy/testing sqlalchemy/dialects/oracle sqlalchemy/dialects/mssql sqlalchemy/dialects/mysql \
    && find . \( -name '*.pyi' -o -name '*.h' -o -name '*.c' -o -name '*.pyx' -o -name '*.pxd' \) -delete \
    && find . -path './pygments/lexers/*' -name '*.py' ! -name '__init__.py' ! -name '_mapping.py' -delete
# Of the other half the contract and the page of a run are left, of GitHub's models none: the service has its own. What it
# imports is compiled: a read-only root keeps no cache.
RUN PYTHONDONTWRITEBYTECODE= /opt/selfheal/bin/python -I -c "import selfheal_app.cli, selfheal_app.serve, dbos, \
    selfheal.page.view, opentelemetry.exporter.otlp.proto.http.trace_exporter, \
    githubkit, psycopg, sqlalchemy.dialects.postgresql, sqlalchemy.dialects.sqlite, httpx, ruamel.yaml"

FROM ${BASE} AS runtime
ENV PATH=/opt/selfheal/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN groupadd --gid 10001 selfheal && useradd --uid 10001 --gid 10001 --create-home selfheal

# The agents of the action: started beside a model sidecar, with the socket of the runner's executor for all their work
# on the repository. They need no git, no compiler, no pip and no network; the root may be read-only.
FROM runtime AS agents
RUN python3 -m pip uninstall --quiet --yes --root-user-action ignore pip 2>/dev/null; \
    rm -rf /usr/lib/python3*/ensurepip /usr/local/lib/python3*/ensurepip /usr/share/python-wheels
COPY --from=agents-venv /opt/selfheal /opt/selfheal
USER selfheal
ENTRYPOINT ["selfheal"]
CMD ["--help"]

# Everything at once: docker run -v "$PWD:/repo" selfheal-runner repair --repo /repo --command … --out /repo/out
# git is the tree's keeper; the project's own tools come with an image that builds on this one.
FROM runtime AS runner
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends git bubblewrap \
    && rm -rf /var/lib/apt/lists/*
COPY --from=runner-venv /opt/selfheal /opt/selfheal
USER selfheal
ENTRYPOINT ["selfheal"]
CMD ["--help"]

# What the service needs of the base, and no package manager.
FROM runtime AS app-root
RUN install -d -o selfheal -g selfheal -m 0700 /state \
    && python3 -m pip uninstall --quiet --yes --root-user-action ignore pip 2>/dev/null; \
    for library in /usr/lib/python3* /usr/local/lib/python3*; do \
        cd "$library" 2>/dev/null && rm -rf ensurepip distutils test idlelib lib2to3 pydoc_data tkinter turtledemo; \
    done; \
    cd / && rm -rf /usr/share/python-wheels /usr/share/doc /usr/share/man /usr/share/locale /usr/share/perl* \
        /usr/lib/*/perl* /usr/bin/perl* /usr/lib/*/gconv /usr/lib/apt /usr/bin/apt* /usr/bin/dpkg* /usr/lib/dpkg \
        /usr/share/zoneinfo/right /usr/share/info /usr/bin/openssl /usr/bin/gpgv /usr/bin/tar /usr/bin/localedef \
        /usr/sbin/ldconfig /usr/sbin/e2fsck /usr/sbin/debugfs /usr/lib/*/libapt-* /usr/lib/*/libdb-5* \
        /usr/lib/*/libgnutls* /usr/lib/*/libunistring* /usr/lib/*/libp11-kit* /usr/lib/*/libnettle* /usr/lib/*/libhogweed* \
        /usr/lib/*/libgmp.* /usr/lib/*/libsystemd* /usr/lib/*/libgcrypt* /usr/lib/*/libsepol* /usr/lib/*/libsemanage* \
        /usr/lib/*/libext2fs* /var/lib/apt /var/lib/dpkg /var/cache /var/log/*

# The service. State lies in /state: mount a volume there.
FROM scratch AS app
COPY --from=app-root / /
COPY --from=app-venv /opt/selfheal /opt/selfheal
ENV PATH=/opt/selfheal/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ENV LANG=C.UTF-8 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 SELFHEAL_STATE_DIR=/state
VOLUME /state
USER selfheal
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
    CMD ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["selfheal-app"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
