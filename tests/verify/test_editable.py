from pathlib import Path

import pytest

from selfheal.verify.editable import editable_folders


def an_environment_with(tmp_path: Path, name: str, text: str) -> dict[str, str]:
    site = tmp_path / "venv/lib/python3.11/site-packages"
    site.mkdir(parents=True)
    (site / name).write_text(text)
    return {"VIRTUAL_ENV": str(tmp_path / "venv")}


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("_pkg.pth", "{top}\n", ("",)),
        ("_pkg.pth", "{top}/src\n", ("src",)),
        ("two.pth", "{top}/a\n{top}/b\n", ("a", "b")),
        ("__editable___pkg_finder.py", "MAPPING = {{'pkg': '{top}/src/pkg'}}\n", ("src",)),
        ("__editable___pkg_finder.py", "MAPPING = {{'pkg': '{top}/pkg'}}\n", ("",)),
        ("other.pth", "/somewhere/else\n", ()),
        ("climb.pth", "{top}/../etc\n", ()),
        ("readme.txt", "{top}/src\n", ()),
    ],
)
def test_only_what_an_installed_file_names_is_found(
    tmp_path: Path, name: str, text: str, found: tuple[str, ...]
) -> None:
    """The import folders come from `.pth` files and finders; nothing else gets onto the import path."""
    top = tmp_path / "project"
    environment = an_environment_with(tmp_path, name, text.format(top=top))
    assert editable_folders(top, environment) == found


def test_a_neighbour_with_the_same_beginning_is_not_mistaken(tmp_path: Path) -> None:
    """`/x/project-two` does not lie in `/x/project`."""
    environment = an_environment_with(tmp_path, "n.pth", f"{tmp_path}/project-two/src\n")
    assert editable_folders(tmp_path / "project", environment) == ()


def test_the_environment_is_also_found_through_path(tmp_path: Path) -> None:
    """Without VIRTUAL_ENV, the folder of the programs tells where the packages lie."""
    top = tmp_path / "project"
    an_environment_with(tmp_path, "_pkg.pth", f"{top}/src\n")
    assert editable_folders(top, {"PATH": f"/usr/bin:{tmp_path}/venv/bin"}) == ("src",)
