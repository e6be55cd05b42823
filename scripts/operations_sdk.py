"""What the newest Python SDK knows of the public API, read from its source; nothing of it is run.

The package is generated from the API's own description and newer than the document: its resources name the operations
and what they take, its models the answers. A model's `from_dict` tells which members an answer always has.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

JSON = dict[str, Any]
Function = ast.FunctionDef | ast.AsyncFunctionDef

PLAIN: dict[str, JSON] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "None": {"type": "null"},
    "Any": {},
}
LIST_METADATA = {
    "type": "object",
    "properties": {"before": {"type": ["string", "null"]}, "after": {"type": ["string", "null"]}},
    "required": ["before", "after"],
}


def version(package: Path) -> str:
    """As the folder of its metadata is called: `workos-10.8.0`."""
    return next(package.parent.glob("workos-*.dist-info")).name.removesuffix(".dist-info")


class Package:
    """The folder `workos` of an installed SDK."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.modules = {path: ast.parse(path.read_text()) for path in sorted(folder.rglob("*.py"))}
        self.classes: dict[str, ast.ClassDef] = {}
        self.aliases: dict[str, ast.expr] = {}
        for path, module in self.modules.items():
            if path.parent.name == "models" or path.parent == folder:
                self._learn(module)

    def _learn(self, module: ast.Module) -> None:
        for node in ast.walk(module):
            match node:
                case ast.ClassDef():
                    self.classes[node.name] = node
                case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias"), value=value):
                    assert value is not None
                    self.aliases[name] = value
                case ast.ImportFrom():
                    for imported in node.names:
                        if imported.asname not in (None, imported.name):
                            self.aliases[str(imported.asname)] = ast.Name(imported.name)

    def operations(self) -> JSON:
        """By `METHOD /path`: `name`, `parameters`, `body`, the `model` of an answer (a schema, or None), `refusals`."""
        found: JSON = {}
        for path, module in self.modules.items():
            area = path.stem if path.parent == self.folder else path.parent.name
            for function in _functions(module):
                for call in _requests(function):
                    name, operation = self._operation(area, function, call)
                    known = found.setdefault(name, operation)
                    known["model"] = known["model"] or operation["model"]
        return found

    def _operation(self, area: str, function: Function, call: ast.Call) -> tuple[str, JSON]:
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        method = ast.literal_eval(keywords["method"]).upper()
        parts = keywords["path"]
        assert isinstance(parts, ast.Tuple)
        path = "".join(f"/{_part(part)}" for part in parts.elts)
        sent = dict(self._members(function))
        needed = [name for name in _needed(function) if name in sent]
        in_path = re.findall(r"{(\w+)}", path)
        return f"{method} {path}", {
            "name": f"{area}.{function.name}",
            "parameters": [_parameter(name, "path", {"type": "string"}, True) for name in in_path]
            + [
                _parameter(name, "query", schema, name in needed)
                for name, schema in sent.items()
                if "params" in keywords
            ],
            "body": {"type": "object", "properties": sent, "required": needed} if sent and "body" in keywords else None,
            "model": self._answer(function, call, keywords.get("model")),
            "refusals": sorted(set(re.findall(r"\((4\d\d)\)", ast.get_docstring(function) or ""))),
        }

    def _members(self, function: Function) -> Iterator[tuple[str, JSON]]:
        """What the function sends, with the type of the argument of the same name, if there is one."""
        arguments = [*function.args.args, *function.args.kwonlyargs]
        hints = {argument.arg: _sent(argument.annotation) for argument in arguments if argument.annotation is not None}
        for node in ast.walk(function):
            match node:
                case ast.Dict():
                    keys = node.keys
                case ast.Subscript(ctx=ast.Store()):
                    keys = [node.slice]
                case _:
                    continue
            for key in keys:
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, self.schema(hints[key.value]) if key.value in hints else {}

    def _answer(self, function: Function, call: ast.Call, model: ast.expr | None) -> JSON | None:
        assert isinstance(call.func, ast.Attribute)
        if call.func.attr == "request_list":
            items = next(node for node in ast.walk(function) if _is_from_dict(node))
            assert isinstance(items, ast.Attribute)
            return {"type": "array", "items": self.schema(items.value)}
        if model is None:
            return None
        if call.func.attr != "request_page":
            return self.schema(model)
        members: JSON = {"data": {"type": "array", "items": self.schema(model)}, "list_metadata": LIST_METADATA}
        return {"type": "object", "properties": members, "required": list(members)}

    def models(self, operations: JSON) -> JSON:
        """The schemas that those of the operations name, and those that these name."""
        found: JSON = {}
        wanted = set(_references(operations))
        while wanted:
            name = wanted.pop()
            found[name] = self._model(self.classes[name])
            wanted |= set(_references(found[name])) - found.keys()
        return found

    def _model(self, model: ast.ClassDef) -> JSON:
        if any(isinstance(base, ast.Name) and base.id == "Enum" for base in model.bases):
            values = [node.value for node in model.body if isinstance(node, ast.Assign)]
            return {"type": "string", "enum": [ast.literal_eval(value) for value in values]}
        for node in model.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
                return self._dispatched(model, node.value)
        hints = {
            node.target.id: node.annotation
            for node in model.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        read = list(_read_members(model))
        required = [member for member, _, always in read if always]
        # A member that may be missing may be null too: the SDK does not tell them apart.
        properties = {member: self.schema(hints[field]) for member, field, _ in read if field in hints}
        return {"type": "object", "properties": properties, "required": required}

    def _dispatched(self, model: ast.ClassDef, variants: ast.Dict) -> JSON:
        described = re.search(r'data\.get\("(\w+)"|data\["(\w+)"\]', ast.unparse(model).replace("'", '"'))
        assert described is not None, model.name
        mapping = {
            ast.literal_eval(value): self.schema(variant)["$ref"]
            for value, variant in zip(variants.keys, variants.values, strict=True)
            if value is not None
        }
        return {"discriminator": {"propertyName": described[1] or described[2], "mapping": mapping}}

    def schema(self, hint: ast.expr) -> JSON:
        match hint:
            case ast.Constant(value=None):
                return PLAIN["None"]
            case ast.Constant(value=str(name)):
                return self.schema(ast.parse(name, mode="eval").body)
            case ast.Name(id=name) if name in PLAIN:
                return PLAIN[name]
            case ast.Name(id=name) if name in self.classes:
                return {"$ref": f"#/models/{name}"}
            case ast.Name(id=name) if name in self.aliases:
                return self.schema(self.aliases[name])
            case ast.BinOp(left=left, right=right):
                return _either(self.schema(left), self.schema(right))
            case ast.Subscript(value=ast.Name(id="Literal"), slice=values):
                members = values.elts if isinstance(values, ast.Tuple) else [values]
                return {"enum": [ast.literal_eval(member) for member in members]}
            case ast.Subscript(value=ast.Name(id="list"), slice=item):
                return {"type": "array", "items": self.schema(item)}
            case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, value])):
                return {"type": "object", "additionalProperties": self.schema(value)}
        return {}


def _functions(module: ast.Module) -> Iterator[Function]:
    for owner in module.body:
        if isinstance(owner, ast.ClassDef) and not owner.name.startswith("Async"):
            yield from (node for node in owner.body if isinstance(node, Function))


def _requests(function: Function) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            keywords = {keyword.arg: keyword.value for keyword in node.keywords}
            if isinstance(keywords.get("method"), ast.Constant) and isinstance(keywords.get("path"), ast.Tuple):
                yield node


def _part(part: ast.expr) -> str:
    match part:
        case ast.Constant(value=str(text)):
            return text
        case ast.Call(args=[ast.Name(id=name)]):
            return f"{{{name}}}"
    return "{id}"


def _parameter(name: str, place: str, schema: JSON, required: bool) -> JSON:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _needed(function: Function) -> Iterator[str]:
    """The arguments that a caller can't leave out."""
    for argument, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        if default is None:
            yield argument.arg


def _sent(hint: ast.expr) -> ast.expr:
    """None is not sent, except by functions that mark what was left out with NotGiven."""
    options = hint
    while isinstance(options, ast.BinOp) and ast.unparse(options.right) in ("None", "NotGiven"):
        if ast.unparse(options.right) == "NotGiven":
            return options.left
        options = options.left
    return options


def _is_from_dict(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "from_dict"


def _read_members(model: ast.ClassDef) -> Iterator[tuple[str, str, bool]]:
    """Member, field, and whether `from_dict` fails without it: `data["x"]` does, `data.get("x")` does not."""
    calls = [node for node in ast.walk(model) if isinstance(node, ast.Call) and ast.unparse(node.func) == "cls"]
    for keyword in calls[0].keywords if calls else ():
        for node in ast.walk(keyword.value):
            match node:
                case ast.Subscript(value=ast.Name(id="data"), slice=ast.Constant(value=str(member))):
                    yield member, str(keyword.arg), True
                    break
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="data"), attr="get"),
                    args=[ast.Constant(value=str(member)), *_],
                ):
                    yield member, str(keyword.arg), False
                    break


def _either(left: JSON, right: JSON) -> JSON:
    options = [option for side in (left, right) for option in side.get("anyOf", [side])]
    return {} if {} in options else {"anyOf": options}


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for value in schema.values():
            if isinstance(value, str) and value.startswith("#/models/"):
                yield value.rpartition("/")[2]
            else:
                yield from _references(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from _references(item)
