"""One pass over a syntax tree that finds its nodes by type, their parents, and the scopes with names."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from typing import Any, Final

from flake8_prep.python.scopes import Scope, ScopeKind

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

# The types, in the grammar of ast, of fields that hold no node of their own: plain values, and the operators
# and contexts of which there is one shared object each.
_VALUES = frozenset(
    {"identifier", "string", "constant", "int", "expr_context", "boolop", "operator", "unaryop", "cmpop"}
)
_FIELD = re.compile(r"(\w+)([?*]?) (\w+)")


class _Plans(dict[type[ast.AST], tuple[tuple[str, bool], ...]]):
    """For each type of node the fields that hold nodes, last first, and whether they hold lists."""

    def __missing__(self, node_type: type[ast.AST]) -> tuple[tuple[str, bool], ...]:
        # The docstring of a node class is its line of the grammar: "Starred(expr value, expr_context ctx)".
        fields = _FIELD.findall((node_type.__doc__ or "").partition("(")[2])
        plan = tuple((name, many == "*") for kind, many, name in reversed(fields) if kind not in _VALUES)
        self[node_type] = plan
        return plan


_PLANS = _Plans()


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes right below `node`, in the order of the grammar, without operators and contexts."""
    found: list[ast.AST] = []
    for field, many in reversed(_PLANS[node.__class__]):
        value = getattr(node, field)
        if many:
            found += [child for child in value if child is not None]
        elif value is not None:
            found.append(value)
    return found


class Tree:
    """The index of a syntax tree.

    Attributes:
        module: the root.
        nodes: the nodes of each type in the order of the source, except names, which are in the scopes.
        parents: the parent of each node.
        scopes: the scope that each module, class, function, lambda or comprehension opens.
        type_scopes: the scope of the type parameters of each node that has some (PEP 695).
        renamed: for each name that an import gives to something else, that thing's own name:
            ``{"nap": "sleep"}`` for ``from time import sleep as nap``.
    """

    def __init__(self, module: ast.Module) -> None:
        self.module = module
        self.nodes: defaultdict[type[ast.AST], list[Any]] = defaultdict(list)
        self.parents: dict[ast.AST, ast.AST] = {}
        self.scopes: dict[ast.AST, Scope] = {}
        self.type_scopes: dict[ast.AST, Scope] = {}
        self.renamed: dict[str, str] = {}
        self._scope = Scope(module, None, ScopeKind.MODULE)
        self._walk()
        self._place_declared_names()

    def _walk(self) -> None:
        # The stack holds nodes that are still to be visited, and scopes: a scope on the stack says in which
        # one the nodes below it are.
        stack: list[Any] = []
        nodes, parents, plans, special = self.nodes, self.parents, _PLANS, _SPECIAL
        loads, bindings = self._scope.loads, self._scope.bindings
        self._open(self.module, self._scope, self.module.body, stack)
        nodes[ast.Module].append(self.module)
        pop, push, name_type, load_type, scope_type = stack.pop, stack.append, ast.Name, ast.Load, Scope
        attribute_type, call_type, constant_type = ast.Attribute, ast.Call, ast.Constant
        expr_type, keyword_type = ast.Expr, ast.keyword
        while stack:
            node = pop()
            # What is right below, where that is one node, is looked at without a detour by the stack.
            while True:
                node_type = node.__class__
                if node_type is name_type:
                    if node.ctx.__class__ is load_type:
                        loads[node.id].append(node)
                    else:
                        bindings[node.id].append(node)
                    break
                if node_type is scope_type:
                    self._scope = node
                    loads, bindings = node.loads, node.bindings
                    break
                nodes[node_type].append(node)
                # After names these are the most frequent nodes, so that a look at their plans would be felt.
                if node_type is constant_type:
                    break
                if node_type is attribute_type or node_type is keyword_type or node_type is expr_type:
                    child = node.value
                    parents[child] = node
                    node = child
                    continue
                if node_type is call_type:
                    for child in reversed((*node.args, *node.keywords)):
                        parents[child] = node
                        push(child)
                    child = node.func
                    parents[child] = node
                    node = child
                    continue
                if node_type in special:
                    special[node_type](self, node, stack)
                    break
                for field, many in plans[node_type]:
                    value = getattr(node, field)
                    if many:
                        for child in reversed(value):
                            parents[child] = node
                            push(child)
                    elif value is not None:
                        parents[value] = node
                        push(value)
                break
        # `{**other}` has None among its keys, and a keyword-only parameter without a default among its
        # defaults.
        nothing: Any = None
        nodes.pop(type(nothing), None)
        parents.pop(nothing, None)

    def _push_fields(self, node: ast.AST, stack: list[Any], skipped: tuple[str, ...] = ()) -> None:
        for field, many in _PLANS[node.__class__]:
            if field in skipped:
                continue
            value = getattr(node, field)
            if many:
                self._push(node, value, stack)
            elif value is not None:
                self._push(node, [value], stack)

    def _push(self, parent: ast.AST, children: list[Any], stack: list[Any]) -> None:
        parents = self.parents
        for child in reversed(children):
            parents[child] = parent
            stack.append(child)

    def _open(self, node: ast.AST, scope: Scope, body: list[Any], stack: list[Any]) -> Scope:
        """Put the `body` of `node`, which is in the new `scope`, on the stack; the caller pushes `scope`."""
        self.scopes[node] = scope
        self._push(node, body, stack)
        return scope

    # One method for each type of node that binds a name or opens a scope. Each leaves on the stack what is
    # below the node, last first.

    def _function(self, node: Function, stack: list[Any]) -> None:
        outer = self._scope
        outer.bindings[node.name].append(node)
        around = self._type_parameters(node, outer)
        scope = Scope(node, around, ScopeKind.FUNCTION)
        self._bind_arguments(node.args, scope)
        stack.append(outer)
        stack.append(self._open(node, scope, node.body, stack))
        if around is outer:
            if node.returns is not None:
                self.parents[node.returns] = node
                stack.append(node.returns)
            self.parents[node.args] = node
            stack.append(node.args)
        else:  # pragma: >=3.12 cover
            self._generic_signature(node, around, stack)
        if node.decorator_list:
            self._push(node, node.decorator_list, stack)

    def _generic_signature(self, node: Any, around: Scope, stack: list[Any]) -> None:  # pragma: >=3.12 cover
        # Annotations see the type parameters, defaults do not: those are evaluated outside.
        arguments = node.args
        self.nodes[ast.arguments].append(arguments)
        self.parents[arguments] = node
        if node.returns is not None:
            self._push(node, [node.returns], stack)
        self._push_fields(arguments, stack, ("defaults", "kw_defaults"))
        self._push(node, node.type_params, stack)
        stack.append(around)
        self._push(arguments, [*arguments.defaults, *arguments.kw_defaults], stack)

    def _arguments(self, node: ast.arguments, stack: list[Any]) -> None:
        """The parameters of a function: most have nothing but names."""
        if node.posonlyargs or node.vararg or node.kwonlyargs or node.kwarg:
            self._push_fields(node, stack)
        else:
            if node.defaults:
                self._push(node, node.defaults, stack)
            self._push(node, node.args, stack)

    def _class(self, node: ast.ClassDef, stack: list[Any]) -> None:
        outer = self._scope
        outer.bindings[node.name].append(node)
        around = self._type_parameters(node, outer)
        stack.append(outer)
        stack.append(self._open(node, Scope(node, around, ScopeKind.CLASS), node.body, stack))
        self._push_fields(node, stack, ("body", "decorator_list"))
        stack.append(around)
        self._push(node, node.decorator_list, stack)

    def _lambda(self, node: ast.Lambda, stack: list[Any]) -> None:
        scope = Scope(node, self._scope, ScopeKind.LAMBDA)
        self._bind_arguments(node.args, scope)
        stack.append(self._scope)
        stack.append(self._open(node, scope, [node.body], stack))
        self._push(node, [node.args], stack)

    def _comprehension(self, node: Comprehension, stack: list[Any]) -> None:
        outer = self._scope
        scope = Scope(node, outer, ScopeKind.COMPREHENSION)
        self.scopes[node] = scope
        stack.append(outer)
        self._push_fields(node, stack, ("generators",))
        for generator in reversed(node.generators):
            self.parents[generator] = node
            self.nodes[ast.comprehension].append(generator)
            self._push_fields(generator, stack, ("iter",))
            if generator is not node.generators[0]:
                self._push(generator, [generator.iter], stack)
        stack.append(scope)
        self._push(node.generators[0], [node.generators[0].iter], stack)

    def _type_parameters(self, node: Any, outer: Scope) -> Scope:
        """Return the scope that the type parameters of `node` open; where it has none, `outer`."""
        # Before Python 3.12 definitions have no such field.
        return self._type_scope(node, outer) if getattr(node, "type_params", None) else outer

    def _type_scope(self, node: Any, outer: Scope) -> Scope:  # pragma: >=3.12 cover
        scope = Scope(node, outer, ScopeKind.TYPE_PARAMETERS)
        for parameter in node.type_params:
            scope.bindings[parameter.name].append(parameter)
        self.type_scopes[node] = scope
        return scope

    def _type_alias(self, node: Any, stack: list[Any]) -> None:  # pragma: >=3.12 cover
        # The value is evaluated when it is asked for, so in a scope of its own even without type parameters.
        outer = self._scope
        scope = self._type_scope(node, outer)
        stack.append(outer)
        self._push(node, [*node.type_params, node.value], stack)
        stack.append(scope)
        self._push(node, [node.name], stack)

    def _bind_arguments(self, arguments: ast.arguments, scope: Scope) -> None:
        bindings = scope.bindings
        for argument in arguments.args:
            bindings[argument.arg].append(argument)
        if arguments.posonlyargs or arguments.vararg or arguments.kwonlyargs or arguments.kwarg:
            for argument in (
                *arguments.posonlyargs,
                *arguments.kwonlyargs,
                *filter(None, (arguments.vararg, arguments.kwarg)),
            ):
                bindings[argument.arg].append(argument)

    def _import(self, node: ast.Import, stack: list[Any]) -> None:
        self._aliases(node)
        for alias in node.names:
            self._scope.bindings[alias.asname or alias.name.partition(".")[0]].append(alias)

    def _import_from(self, node: ast.ImportFrom, stack: list[Any]) -> None:
        self._aliases(node)
        for alias in node.names:
            self._scope.bindings[alias.asname or alias.name].append(alias)
            if alias.asname:
                self.renamed[alias.asname] = alias.name

    def _aliases(self, node: ast.Import | ast.ImportFrom) -> None:
        self.nodes[ast.alias] += node.names
        self.parents.update(dict.fromkeys(node.names, node))

    def _named(self, node: Any, stack: list[Any]) -> None:
        """An except handler or a pattern, which binds its `name` if it has one."""
        if node.name:
            self._scope.bindings[node.name].append(node)
        self._push_fields(node, stack)

    def _match_mapping(self, node: ast.MatchMapping, stack: list[Any]) -> None:
        if node.rest:
            self._scope.bindings[node.rest].append(node)
        self._push_fields(node, stack)

    def _named_expression(self, node: ast.NamedExpr, stack: list[Any]) -> None:
        # In a comprehension `:=` binds in the scope around it (PEP 572).
        scope = self._scope
        while scope.kind is ScopeKind.COMPREHENSION and scope.parent is not None:
            scope = scope.parent
        scope.bindings[node.target.id].append(node.target)
        self.parents[node.target] = node
        self._push(node, [node.value], stack)

    def _global(self, node: ast.Global, stack: list[Any]) -> None:
        self._scope.global_names |= set(node.names)

    def _nonlocal(self, node: ast.Nonlocal, stack: list[Any]) -> None:
        self._scope.nonlocal_names |= set(node.names)

    def _place_declared_names(self) -> None:
        """Move what is bound under `global` and `nonlocal` to the scope that it is bound in."""
        module = self.scopes[self.module]
        # Sorted once, at the end: a name may come from each function of a long file.
        moved: set[tuple[Scope, str]] = set()
        for scope in self.scopes.values():
            if not scope.global_names and not scope.nonlocal_names:
                continue
            if scope is not module:
                for name in scope.global_names & scope.bindings.keys():
                    module.bindings[name] += scope.bindings.pop(name)
                    moved.add((module, name))
            for name in scope.nonlocal_names & scope.bindings.keys():
                owner = next(
                    (outer for outer in scope.visible() if outer is not scope and name in outer.bindings),
                    None,
                )
                if owner is not None:
                    owner.bindings[name] += scope.bindings.pop(name)
                    moved.add((owner, name))
        for owner, name in moved:
            owner.bindings[name].sort(key=_position)


def _position(binding: Any) -> tuple[int, int]:
    return binding.lineno, binding.col_offset


_SPECIAL: dict[type, Any] = {
    ast.FunctionDef: Tree._function,
    ast.AsyncFunctionDef: Tree._function,
    ast.ClassDef: Tree._class,
    ast.Lambda: Tree._lambda,
    ast.arguments: Tree._arguments,
    ast.ListComp: Tree._comprehension,
    ast.SetComp: Tree._comprehension,
    ast.DictComp: Tree._comprehension,
    ast.GeneratorExp: Tree._comprehension,
    ast.Import: Tree._import,
    ast.ImportFrom: Tree._import_from,
    ast.ExceptHandler: Tree._named,
    ast.MatchAs: Tree._named,
    ast.MatchStar: Tree._named,
    ast.MatchMapping: Tree._match_mapping,
    ast.NamedExpr: Tree._named_expression,
    ast.Global: Tree._global,
    ast.Nonlocal: Tree._nonlocal,
}
if hasattr(ast, "TypeAlias"):  # pragma: >=3.12 cover
    _SPECIAL[ast.TypeAlias] = Tree._type_alias
