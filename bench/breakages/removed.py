"""The code itself calls what a direct dependency has removed or moved."""

from breakages.case import Case, a_test


def _direct(name: str, wish: str, code: str, check: str, **facts: object) -> Case:
    files = {
        "requirements.txt": f"{wish}\npytest\n",
        "app.py": code,
        "test_app.py": f"import app\n\n\n{a_test(check)}",
    }
    return Case(name=name, kind="removed", files=files, **facts)  # type: ignore[arg-type]


_PB2 = """from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from google.protobuf import reflection as _reflection
from google.protobuf import symbol_database as _symbol_database

_sym_db = _symbol_database.Default()

DESCRIPTOR = _descriptor.FileDescriptor(
    name="note.proto",
    package="",
    syntax="proto3",
    serialized_options=None,
    create_key=_descriptor._internal_create_key,
    serialized_pb=b'\\n\\nnote.proto"\\x14\\n\\x04Note\\x12\\x0c\\n\\x04text\\x18\\x01 \\x01(\\tb\\x06proto3',
)

_NOTE = _descriptor.Descriptor(
    name="Note",
    full_name="Note",
    filename=None,
    file=DESCRIPTOR,
    containing_type=None,
    create_key=_descriptor._internal_create_key,
    fields=[
        _descriptor.FieldDescriptor(
            name="text", full_name="Note.text", index=0, number=1, type=9, cpp_type=9, label=1,
            has_default_value=False, default_value=b"".decode("utf-8"), message_type=None, enum_type=None,
            containing_type=None, is_extension=False, extension_scope=None, serialized_options=None,
            file=DESCRIPTOR, create_key=_descriptor._internal_create_key,
        ),
    ],
    extensions=[], nested_types=[], enum_types=[], serialized_options=None, is_extendable=False, syntax="proto3",
    extension_ranges=[], oneofs=[], serialized_start=14, serialized_end=34,
)

DESCRIPTOR.message_types_by_name["Note"] = _NOTE
_sym_db.RegisterFileDescriptor(DESCRIPTOR)

Note = _reflection.GeneratedProtocolMessageType(
    "Note", (_message.Message,), {"DESCRIPTOR": _NOTE, "__module__": "note_pb2"}
)
_sym_db.RegisterMessage(Note)
"""

CASES = (
    _direct(
        "numpy-np.float",
        "numpy",
        "import numpy as np\n\n\ndef zero():\n    return np.zeros(2, dtype=np.float)\n",
        "assert app.zero().sum() == 0",
        guilty=("numpy",),
        day="2022-11-15",
        says=("float", "alias"),
        forward=True,
    ),
    _direct(
        "numpy-2-NaN",
        "numpy",
        "import numpy as np\n\nEMPTY = np.NaN\nBIG = np.Inf\n\n\ndef is_empty(x):\n    return np.isnan(x)\n",
        "assert app.is_empty(app.EMPTY)",
        guilty=("numpy",),
        day="2024-06-01",
        says=("NaN", "Inf"),
        forward=True,
    ),
    _direct(
        "pydantic-2-BaseSettings",
        "pydantic",
        "from pydantic import BaseSettings\n\n\nclass Settings(BaseSettings):\n    host: str = 'localhost'\n",
        "assert app.Settings().host == 'localhost'",
        guilty=("pydantic",),
        day="2023-06-15",
        says=("BaseSettings", "pydantic-settings"),
        forward=True,
    ),
    _direct(
        "pydantic-2-regex",
        "pydantic>=1.9",
        "from pydantic import BaseModel, constr\n\n\nclass User(BaseModel):\n    name: constr(regex='[a-z]+')\n",
        "assert app.User(name='x').name == 'x'",
        guilty=("pydantic",),
        day="2023-06-15",
        says=("regex",),
    ),
    _direct(
        "sqlalchemy-2-engine-execute",
        "SQLAlchemy",
        "import sqlalchemy\n\n\ndef one():\n    engine = sqlalchemy.create_engine('sqlite://')\n    return engine.execute('select 1').scalar()\n",
        "assert app.one() == 1",
        guilty=("sqlalchemy",),
        day="2022-12-15",
        says=("execute",),
    ),
    Case(
        name="protobuf-4-old-pb2",
        kind="removed",
        files={
            "requirements.txt": "protobuf>=3.15\npytest\n",
            "note_pb2.py": _PB2,
            "test_note.py": "import note_pb2\n\n\n" + a_test("assert note_pb2.Note(text='x').text == 'x'"),
        },
        guilty=("protobuf",),
        day="2022-05-01",
        python="3.9",
    ),
    _direct(
        "pyyaml-6-load",
        "PyYAML",
        "import yaml\n\n\ndef read(text):\n    return yaml.load(text)\n",
        "assert app.read('a: 1') == {'a': 1}",
        guilty=("pyyaml",),
        day="2021-10-01",
        says=("Loader",),
        python="3.9",
    ),
    _direct(
        "marshmallow-4-missing",
        "marshmallow>=3.10",
        "from marshmallow import Schema, fields\n\n\nclass User(Schema):\n    name = fields.Str(missing='x')\n",
        "assert app.User().load({}) == {'name': 'x'}",
        guilty=("marshmallow",),
        day="2025-03-15",
        says=("missing",),
    ),
    _direct(
        "lxml-html-clean",
        "lxml",
        "from lxml.html.clean import Cleaner\n\n\ndef clean(text):\n    return Cleaner().clean_html(text)\n",
        "assert 'script' not in app.clean('<div><script>x</script>y</div>')",
        guilty=("lxml",),
        day="2024-03-15",
        says=("clean",),
        forward=True,
    ),
    _direct(
        "packaging-LegacyVersion",
        "packaging",
        "from packaging.version import LegacyVersion, parse\n\n\ndef old(text):\n    return isinstance(parse(text), LegacyVersion)\n",
        "assert app.old('x-y')",
        guilty=("packaging",),
        day="2022-11-15",
        says=("LegacyVersion",),
    ),
    _direct(
        "importlib-metadata-5-get",
        "importlib-metadata",
        "import importlib_metadata\n\n\ndef scripts():\n    return list(importlib_metadata.entry_points().get('console_scripts', []))\n",
        "assert app.scripts() is not None",
        guilty=("importlib-metadata",),
        day="2022-09-15",
        says=("entry", "get", "compat"),
    ),
    _direct(
        "moto-5-mock-s3",
        "moto[s3]",
        "from moto import mock_s3\n\n\n@mock_s3\ndef run():\n    return 1\n",
        "assert app.run() == 1",
        guilty=("moto",),
        day="2024-01-15",
        says=("mock_s3", "mock_aws", "decorators"),
    ),
    _direct(
        "werkzeug-1-secure-filename",
        "Werkzeug",
        "from werkzeug import secure_filename\n\n\ndef safe(name):\n    return secure_filename(name)\n",
        "assert app.safe('../x') == 'x'",
        guilty=("werkzeug",),
        day="2020-01-15",
        says=("import", "top-level", "deprecated"),
        forward=True,
        python="3.8",
    ),
    _direct(
        "flask-2.3-escape",
        "Flask",
        "from flask import Markup, escape\n\n\ndef show(text):\n    return Markup('<b>') + escape(text)\n",
        "assert app.show('<') == '<b>&lt;'",
        guilty=("flask",),
        day="2023-03-15",
        says=("escape",),
        forward=True,
    ),
    _direct(
        "flask-2.3-JSONEncoder",
        "Flask",
        "from flask.json import JSONEncoder\n\n\nclass Encoder(JSONEncoder):\n    pass\n",
        "assert app.Encoder().encode({}) == '{}'",
        guilty=("flask",),
        day="2023-03-15",
        says=("JSONEncoder",),
    ),
    _direct(
        "jinja2-3.1-contextfilter",
        "Jinja2",
        "import jinja2\n\n\n@jinja2.contextfilter\ndef first(context, value):\n    return value[0]\n",
        "assert app.first(None, 'xy') == 'x'",
        guilty=("jinja2",),
        day="2022-01-15",
        says=("contextfilter", "pass_context", "deprecat"),
    ),
    _direct(
        "networkx-3-info",
        "networkx",
        "import networkx as nx\n\n\ndef info():\n    return nx.info(nx.path_graph(3))\n",
        "assert '3 nodes' in app.info()",
        guilty=("networkx",),
        day="2022-12-15",
        says=("info",),
    ),
    _direct(
        "pandas-2-append",
        "pandas",
        "import pandas as pd\n\n\ndef grow(frame):\n    return frame.append({'a': 2}, ignore_index=True)\n",
        "import pandas as pd\n\nassert len(app.grow(pd.DataFrame({'a': [1]}))) == 2",
        guilty=("pandas",),
        day="2023-03-15",
        fewest=2,
    ),
    _direct(
        "markdown-3.4-etree",
        "Markdown",
        "from markdown.util import etree\n\n\ndef make():\n    return etree.Element('p')\n",
        "assert app.make().tag == 'p'",
        guilty=("markdown",),
        day="2022-06-15",
        says=("etree", "deprecated"),
    ),
    _direct(
        "bleach-5-styles",
        "bleach",
        "import bleach\n\n\ndef clean(text):\n    return bleach.clean(text, tags=['p'], styles=['color'])\n",
        "assert app.clean('<p>x</p>') == '<p>x</p>'",
        guilty=("bleach",),
        day="2022-03-15",
        says=("styles", "css"),
    ),
    _direct(
        "pyjwt-2-algorithms",
        "PyJWT",
        "import jwt\n\n\ndef read(token):\n    return jwt.decode(token, 'k' * 32)\n",
        "import jwt\n\nassert app.read(jwt.encode({'a': 1}, 'k' * 32)) == {'a': 1}",
        guilty=("pyjwt",),
        day="2020-12-01",
        says=("algorithms",),
        python="3.8",
    ),
    _direct(
        "mistune-2-Renderer",
        "mistune",
        "import mistune\n\n\nclass Plain(mistune.Renderer):\n    def text(self, text):\n        return text\n",
        "assert app.Plain().text('x') == 'x'",
        guilty=("mistune",),
        day="2021-11-15",
        python="3.9",
    ),
    _direct(
        "wtforms-3-html5",
        "WTForms",
        "from wtforms import Form\nfrom wtforms.fields.html5 import IntegerField\n\n\nclass Order(Form):\n    count = IntegerField()\n",
        "assert app.Order().count",
        guilty=("wtforms",),
        day="2021-10-15",
        says=("html5",),
        forward=True,
        python="3.9",
    ),
    _direct(
        "setuptools-pkg-resources",
        "setuptools",
        "import pkg_resources\n\n\ndef version(name):\n    return pkg_resources.get_distribution(name).version\n",
        "assert app.version('pytest')",
        guilty=("setuptools",),
        day="2025-06-01",
        says=("pkg_resources",),
    ),
    Case(
        name="pytest-8-nose-setup",
        kind="removed",
        files={
            "requirements.txt": "pytest\n",
            "test_app.py": "class TestIt:\n    def setup(self):\n        self.value = 1\n\n    def test_it(self):\n        assert self.value == 1\n",
        },
        guilty=("pytest",),
        day="2023-12-01",
        says=("nose",),
    ),
)
