"""How odd a program looks that parses: what hardly anybody would write counts against a repair."""

import ast
import builtins
import warnings

_TAKES = {
    "len": (1, 1), "abs": (1, 1), "isinstance": (2, 2), "issubclass": (2, 2), "hasattr": (2, 2), "getattr": (2, 3),
    "setattr": (3, 3), "range": (1, 3), "enumerate": (1, 2), "sorted": (1, 1), "list": (0, 1), "tuple": (0, 1),
    "set": (0, 1), "frozenset": (0, 1), "str": (0, 3), "int": (0, 2), "float": (0, 1), "bool": (0, 1), "repr": (1, 1),
    "type": (1, 3), "id": (1, 1), "hash": (1, 1), "iter": (1, 2), "next": (1, 2), "any": (1, 1), "all": (1, 1),
    "sum": (1, 2), "reversed": (1, 1), "ord": (1, 1), "chr": (1, 1), "callable": (1, 1), "divmod": (2, 2),
    "map": (2, 9), "filter": (2, 2), "round": (1, 2), "pow": (2, 3), "open": (1, 8), "vars": (0, 1), "input": (0, 1),
}  # fmt: skip
_PLAIN = frozenset(_TAKES) - {"bool", "any", "all", "int", "sum", "str", "repr"}
"""Functions that nobody gives a truth."""
_KNOWN = frozenset(dir(builtins)) | {"__file__", "__name__", "__path__", "__all__", "__class__", "__builtins__"}


def oddity(text: str) -> float:
    """Sum up what is odd in the whole text; only differences between two texts mean anything."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 100.0
    signatures = _signatures(tree)
    bound = _bound(tree)
    return sum(_odd(node, signatures, bound) for node in ast.walk(tree))


def _odd(node: ast.AST, signatures: dict[str, tuple[int, int]], bound: frozenset[str]) -> float:
    match node:
        case ast.Name(ctx=ast.Load(), id=name) if name not in bound:
            return 1.0
        case ast.Expr(value=ast.Compare() | ast.BinOp() | ast.Name() | ast.Attribute() | ast.BoolOp() | ast.Tuple()):
            return 1.5
        case ast.Expr(value=ast.Subscript() | ast.UnaryOp() | ast.List() | ast.Set() | ast.Dict() | ast.Lambda()):
            return 1.5
        case ast.AnnAssign(value=None, target=ast.Name()):
            return 0.6
        case ast.AnnAssign(annotation=ast.Constant(value=int() | float() | None)):
            return 1.5
        case ast.Call(func=ast.Constant() | ast.Tuple() | ast.List() | ast.Dict() | ast.JoinedStr() | ast.Compare()):
            return 2.0
        case ast.Call(func=ast.Name(id=name), args=[*_, ast.Compare() | ast.BoolOp()]) if name in _PLAIN:
            return 1.0
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            return _arguments(signatures.get(name), args, keywords)
        case ast.Subscript(value=ast.Constant() | ast.Set()):
            return 1.5
        case ast.If(test=ast.Tuple() | ast.List()) | ast.While(test=ast.Tuple()) | ast.Assert(test=ast.Tuple()):
            return 2.0
        case ast.Compare(left=ast.Constant(), comparators=[ast.Constant()]):
            return 1.0
        case (
            ast.If() | ast.For() | ast.While() | ast.With() | ast.FunctionDef() | ast.Module() | ast.AsyncFunctionDef()
        ):
            return _unreachable(node.body)
        case ast.Constant(value=str(text)) if text.count("\n") == 0 and text.rstrip() != text and text[-1:] in ",)":
            return 0.3
        case ast.Constant(value=str(text)) if text.endswith((")", "]", "}", ",")) and _is_lopsided(text):
            return 0.7
        case _:
            return 0.0


def _arguments(takes: tuple[int, int] | None, args: list[ast.expr], keywords: list[ast.keyword]) -> float:
    if takes is None or any(isinstance(arg, ast.Starred) for arg in args) or any(k.arg is None for k in keywords):
        return 0.0
    fewest, most = takes
    is_short = len(args) + len(keywords) < fewest
    return 1.5 if len(args) > most or is_short else 0.0


def _unreachable(body: list[ast.stmt]) -> float:
    ends = (ast.Return, ast.Raise, ast.Continue, ast.Break)
    return 1.0 if any(isinstance(statement, ends) for statement in body[:-1]) else 0.0


def _is_lopsided(text: str) -> bool:
    return text.count("(") < text.count(")") or text.count("[") < text.count("]") or text.count("{") < text.count("}")


def _signatures(tree: ast.Module) -> dict[str, tuple[int, int]]:
    found = dict(_TAKES)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list:
            positional = len(node.args.posonlyargs) + len(node.args.args)
            most = 999 if node.args.vararg else positional
            required = positional - len(node.args.defaults)
            found[node.name] = (required, most)
    return found


def _bound(tree: ast.Module) -> frozenset[str]:
    names: set[str] = set(_KNOWN)
    for node in ast.walk(tree):
        match node:
            case ast.Name(ctx=ast.Store() | ast.Del(), id=name) | ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.alias(name=name, asname=asname):
                names.add(asname or name.partition(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
            case ast.Global(names=several) | ast.Nonlocal(names=several):
                names.update(several)
            case _:
                continue
    return frozenset(names)
