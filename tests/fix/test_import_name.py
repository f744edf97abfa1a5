"""A misspelt import is mended without a model, and nothing is ever invented."""

from builders import a_case, a_diagnosis, a_failure
from selfheal.contract.diagnosis import Category
from selfheal.contract.patch import CandidatePatch
from selfheal.fix.import_name import ImportName
from selfheal.fix.interface import NoCandidate

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/catalogue.py": "class Catalogue: ...\ndef find_article(): ...\n",
    "tests/test_a.py": "import os\nfrom shop.catalog import Catalogue\n",
    "src/shop/cart.py": "from shop.catalogue import find_articles\n",
}


async def propose(message: str, file: str):
    failure = a_failure(message=message, file=file, line=2)
    case = a_case(FILES, diagnosis=a_diagnosis(failure, category=Category.DEPENDENCY))
    (target,) = ImportName().targets(case)
    return await ImportName().propose(case, target, sample=0, tried=())


async def test_a_misspelt_module_is_replaced_by_the_one_that_exists():
    """`shop.catalog` is called `shop.catalogue` in the repository."""
    candidate = await propose("ModuleNotFoundError: No module named 'shop.catalog'", "tests/test_a.py")
    assert isinstance(candidate, CandidatePatch)
    assert candidate.edits[0].content == b"import os\nfrom shop.catalogue import Catalogue\n"


async def test_a_renamed_name_is_imported_under_the_old_one():
    """The rest of the file goes on using the name that it knows."""
    message = "ImportError: cannot import name 'find_articles' from 'shop.catalogue' (/x/src/shop/catalogue.py)"
    candidate = await propose(message, "src/shop/cart.py")
    assert isinstance(candidate, CandidatePatch)
    assert candidate.edits[0].content == b"from shop.catalogue import find_article as find_articles\n"


async def test_a_module_that_nothing_resembles_is_left_alone():
    """A missing third-party package is not mended by a guess."""
    outcome = await propose("ModuleNotFoundError: No module named 'requests'", "tests/test_a.py")
    assert isinstance(outcome, NoCandidate)
    assert outcome.is_spent
