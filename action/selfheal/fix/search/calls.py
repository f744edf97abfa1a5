"""Wrong calls: arguments swapped, missing, too many, or with a wrong option."""

import ast
from collections.abc import Iterator

from selfheal.fix.search.site import Change, Site, everything_in

_WANTED: dict[str, tuple[tuple[str, float], ...]] = {
    "sorted": (("reverse=True", 0.8), ("key=len", 0.3), ("key=str.lower", 0.2), ("key=lambda item: item[1]", 0.3)),
    "sort": (("reverse=True", 0.8), ("key=len", 0.3), ("key=lambda item: item[1]", 0.3)),
    "split": (("1", 0.5), ("None", 0.1)),
    "rsplit": (("1", 0.5),),
    "get": (("0", 0.5), ("[]", 0.3), ("''", 0.3), ("{}", 0.2), ("1", 0.2), ("False", 0.2)),
    "pop": (("0", 0.5), ("None", 0.5), ("-1", 0.1)),
    "round": (("2", 0.5), ("1", 0.2)),
    "enumerate": (("1", 0.6), ("start=1", 0.1)),
    "sum": (("0", 0.1),),
    "min": (("default=0", 0.4), ("default=None", 0.3)),
    "max": (("default=0", 0.4), ("default=None", 0.3)),
    "next": (("None", 0.6),),
    "int": (("10", 0.1), ("2", 0.2), ("16", 0.2)),
    "zip": (("strict=False", 0.1),),
    "dumps": (("sort_keys=True", 0.4), ("ensure_ascii=False", 0.3)),
    "getattr": (("None", 0.6),),
    "replace": (("1", 0.3),),
    "strip": (("'/'", 0.1), ("'\"'", 0.1)),
    "range": (("-1", 0.2),),
}
"""Arguments that are often forgotten, by the end of the function's name."""


def argument_order(site: Site, node: ast.AST) -> Iterator[Change]:
    """Two neighbours that stand in each other's place."""
    if not isinstance(node, ast.Call):
        return
    for left, right in zip(node.args, node.args[1:], strict=False):
        if isinstance(left, ast.Starred) or isinstance(right, ast.Starred):
            continue
        first, left_end = site.span(left)
        right_start, last = site.span(right)
        gap = site.text[left_end:right_start]
        if "(" not in gap and ")" not in gap:
            yield Change(first, last, site.source(right) + gap + site.source(left), left.lineno)


def fewer_arguments(site: Site, node: ast.AST) -> Iterator[Change]:
    """An argument that must go."""
    if not isinstance(node, ast.Call) or not (node.args or node.keywords):
        return
    pieces = _pieces(site, node)
    for index in range(len(pieces)):
        kept = ", ".join(piece for number, piece in enumerate(pieces) if number != index)
        yield _called(site, node, kept, weight=0.6 if len(pieces) > 1 else 0.3)


def more_arguments(site: Site, node: ast.AST) -> Iterator[Change]:
    """An argument that is missing: one of those that are often forgotten, or a parameter of this function."""
    if not isinstance(node, ast.Call):
        return
    pieces = _pieces(site, node)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    keywords = {one.arg for one in node.keywords}
    for text, weight in _WANTED.get(name, ()):
        if text.partition("=")[0] not in keywords:
            yield _called(site, node, ", ".join((*pieces, text)), weight=weight)
    signature = site.signatures.get(name)
    if signature is not None:
        given = len(node.args)
        for parameter in signature.parameters[given:]:
            if parameter in keywords:
                continue
            for source in (*site.names, *(f"self.{one}" for one in site.attributes)):
                if source.removeprefix("self.") == parameter:
                    yield _called(site, node, ", ".join((*pieces, f"{parameter}={source}")), weight=1.0)
        if len(signature.parameters) > given:
            for source in site.parameters[:6]:
                if source not in pieces:
                    yield _called(site, node, ", ".join((*pieces, source)), weight=0.4)
    if name == "range" and len(node.args) == 1:
        yield _called(site, node, f"1, {pieces[0]}", weight=0.7)
        yield _called(site, node, f"1, {pieces[0]} + 1", weight=0.6)
        yield _called(site, node, f"2, {pieces[0]}", weight=0.3)
        yield _called(site, node, f"{pieces[0]} - 1, -1, -1", weight=0.3)
    if name == "range" and len(node.args) >= 2:
        yield _called(site, node, ", ".join(pieces[1:]), weight=0.3)


def _pieces(site: Site, node: ast.Call) -> list[str]:
    return [*(site.source(one) for one in node.args), *(site.source(one) for one in node.keywords)]


def _called(site: Site, node: ast.Call, arguments: str, *, weight: float) -> Change:
    _, start = site.span(node.func)
    _, last = site.span(node)
    opening = site.text.index("(", start, last)
    return Change(opening, last, f"({arguments})", node.lineno, weight)


def awaiting(site: Site, node: ast.AST) -> Iterator[Change]:
    """A call of a coroutine that nobody awaits."""
    if not isinstance(node, ast.Call) or not isinstance(site.function, ast.AsyncFunctionDef):
        return
    if isinstance(site.parent(node), ast.Await):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    signature = site.signatures.get(name)
    yield site.swap(node, f"(await {site.source(node)})", weight=1.0 if signature and signature.is_async else 0.15)


def wrapping(site: Site, node: ast.AST) -> Iterator[Change]:
    """A conversion, copy or cleaning that is missing around a value."""
    if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.BinOp | ast.ListComp):
        return
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    place = _place_of(site, node)
    if not place:
        return
    text, held = site.source(node), site.held(node)
    backwards = 0.6 if isinstance(site.parent(node), ast.For) else 0.15
    for name, weight in (
        *(("list", 0.4), ("int", 0.4), ("str", 0.4), ("sorted", 0.35), ("len", 0.3), ("abs", 0.35), ("dict", 0.3)),
        *(
            ("set", 0.3),
            ("float", 0.2),
            ("reversed", backwards),
            ("tuple", 0.3),
            ("round", 0.2),
            ("sum", 0.1),
            ("bool", 0.15),
        ),
    ):
        if not text.startswith(f"{name}("):
            yield site.swap(node, f"{name}({text})", weight=weight * place)
    for form, weight in (("[int(part) for part in {}]", 0.3), ("[part.strip() for part in {}]", 0.2)):
        yield site.swap(node, form.format(text), weight=weight * place)
    for mark in _marks(site):
        yield site.swap(node, f"{held}.strip({mark})", weight=0.3 * place)
    for tail, weight in (
        *((".strip()", 0.45), (".lower()", 0.45), (".copy()", 0.4), (".upper()", 0.15), (".items()", 0.3)),
        *((".values()", 0.2), (".keys()", 0.1), ("[::-1]", 0.3), ("[0]", 0.25), ("[-1]", 0.2), ("[:]", 0.2)),
        *((".rstrip()", 0.2), (".split()", 0.2), ("[1:]", 0.2), ("[:-1]", 0.2), ("()", 0.15)),
    ):
        yield site.swap(node, f"{held}{tail}", weight=weight * place)
    for form, weight in (
        ("max({}, 0)", 0.3),
        ("max(0, {})", 0.05),
        ("min({}, 1)", 0.1),
        ("({} or 0)", 0.1),
        ("({} or [])", 0.2),
        ("({} or '')", 0.2),
    ):
        yield site.swap(node, form.format(text), weight=weight * place)


def one_sided(site: Site, node: ast.AST) -> Iterator[Change]:
    """What one side of a comparison is asked for, and the other is not: `n == len(a)` for `len(n) == len(a)`."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return
    for side, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
        if isinstance(side, ast.Call) or not isinstance(other, ast.Call) or isinstance(side, ast.Constant):
            continue
        match other:
            case ast.Call(func=ast.Name(id=name), args=[_], keywords=[]):
                yield site.swap(side, f"{name}({site.source(side)})")
            case ast.Call(func=ast.Attribute(attr=name), args=[], keywords=[]):
                yield site.swap(side, f"{site.held(side)}.{name}()")


def copies(site: Site, node: ast.AST) -> Iterator[Change]:
    """A copy that is missing where something that goes on changing is stored, returned or passed on."""
    if not isinstance(node, ast.Name | ast.Attribute) or not isinstance(node.ctx, ast.Load):
        return
    text = site.source(node)
    if not _is_kept(site, node) or not _is_changed(site, text):
        return
    for form, weight in (
        ("list({})", 1.0),
        ("{}.copy()", 0.9),
        ("dict({})", 0.8),
        ("set({})", 0.5),
        ("tuple({})", 0.3),
    ):
        yield site.swap(node, form.format(text), weight=weight)


def _is_kept(site: Site, node: ast.expr) -> bool:
    match site.parent(node):
        case ast.Call(func=ast.Attribute(attr=name), args=arguments):
            return node in arguments and name in ("append", "add", "insert", "appendleft", "setdefault", "put")
        case ast.Assign() | ast.AnnAssign() | ast.Return() | ast.Yield() | ast.Dict() | ast.Tuple() | ast.List():
            return True
        case _:
            return False


def _is_changed(site: Site, text: str) -> bool:
    """True where something is stored into it, or one of the methods that change is called, here or in the class."""
    owner = site.owner if text.startswith("self.") else None
    names = {text}
    for node in everything_in(site.function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=source)) if source == text:
                names.add(name)
    for node in everything_in(owner or site.function):
        match node:
            case ast.Call(func=ast.Attribute(value=value)) | ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
                if site.source(value) in names:
                    return True
    return False


def unwrapping(site: Site, node: ast.AST) -> Iterator[Change]:
    """A conversion or method call too much; never one that is a statement, which would be there for nothing then."""
    if isinstance(site.parent(node), ast.Expr):
        return
    match node:
        case ast.Call(func=ast.Name() | ast.Attribute(value=ast.Name()), args=[only], keywords=[]) if not isinstance(
            only, ast.Starred | ast.GeneratorExp
        ):
            yield site.swap(node, site.source(only), weight=0.6)
    match node:
        case ast.Call(func=ast.Attribute(value=value)):
            yield site.swap(node, site.source(value), weight=0.6)
        case ast.Await(value=value):
            yield site.swap(node, site.source(value), weight=0.4)
        case ast.Subscript(value=value, ctx=ast.Load()):
            yield site.swap(node, site.source(value), weight=0.4)


def _marks(site: Site) -> list[str]:
    """Short texts of the function that may stand too much at the ends of another."""
    found = dict.fromkeys(
        repr(node.value)
        for node in site.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) <= 2
    )
    return list(found)[:4]


def _place_of(site: Site, node: ast.expr) -> float:
    """How likely a value in this place lacks a conversion."""
    parent = site.parent(node)
    match parent:
        case ast.Return() | ast.Assign() | ast.For():
            return 1.0
        case ast.Call(args=arguments) if node in arguments:
            return 0.7
        case ast.Compare() | ast.keyword() | ast.Dict() | ast.Tuple() | ast.comprehension():
            return 0.6
        case ast.Subscript(slice=place) if place is node:
            return 0.6
        case ast.BinOp() | ast.ListComp() | ast.AugAssign():
            return 0.5
        case ast.Attribute():
            return 0.25
        case _:
            return 0.0
