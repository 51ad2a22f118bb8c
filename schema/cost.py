"""What an operation may cost: depth, and fields multiplied by the lists they are in.

One rule of our own. Each fragment is measured once, however often it is spread, so
a ladder of fragments costs its length and not two to the power of it. A page costs
what its ``first`` says; a list without one is taken for a few items.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    VariableNode,
    get_named_type,
)

from hub.errors import RequestInvalid
from schema.errors import body


@dataclass(frozen=True, slots=True)
class Limits:
    """The most an operation may be. ``few`` is how long a list without a page is."""

    tokens: int = 2_000
    depth: int = 10
    cost: int = 20_000
    fragments: int = 50
    spreads: int = 100
    aliases: int = 30
    roots: int = 10
    directives: int = 50
    page: int = 100
    few: int = 3
    introspection_depth: int = 20


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Size:
    """How deep a selection is and what it costs."""

    depth: int = 0
    cost: int = 0


@dataclass(slots=True)
class Tally:
    """What is only counted, wherever it stands in the document."""

    aliases: int = 0
    spreads: int = 0
    directives: int = 0


class Measure:
    """Measures one document against one schema, fragments once each."""

    def __init__(
        self,
        context: ValidationContext,
        variables: Mapping[str, Any],
        limits: Limits = LIMITS,
    ) -> None:
        """``variables`` as the client sent them: a page's size may be one."""
        self._context, self._variables, self._limits = context, variables, limits
        self._fragments: dict[str, Size] = {}
        self.tally = Tally()

    def operation(self, node: OperationDefinitionNode) -> Size:
        """The size of an operation."""
        schema = self._context.schema
        root = schema.get_root_type(node.operation)
        self.tally.directives += len(node.directives or ())
        return self._selection(node.selection_set, root)

    def _selection(self, node: SelectionSetNode, parent: Any) -> Size:
        depth = cost = 0
        for chosen in node.selections:
            self.tally.directives += len(chosen.directives or ())
            size = self._chosen(chosen, parent)
            depth, cost = max(depth, size.depth), cost + size.cost
        return Size(depth, cost)

    def _chosen(self, node: Any, parent: Any) -> Size:
        if isinstance(node, FieldNode):
            return self._field(node, parent)
        if isinstance(node, FragmentSpreadNode):
            self.tally.spreads += 1
            return self._fragment(node.name.value)
        if isinstance(node, InlineFragmentNode):
            named = node.type_condition
            kind = self._context.schema.get_type(named.name.value) if named else parent
            return self._selection(node.selection_set, kind)
        return Size()

    def _fragment(self, name: str) -> Size:
        if name not in self._fragments:
            # a fragment that spreads itself is refused by a standard rule
            self._fragments[name] = Size()
            node = self._context.get_fragment(name)
            if isinstance(node, FragmentDefinitionNode):
                kind = self._context.schema.get_type(node.type_condition.name.value)
                self._fragments[name] = self._selection(node.selection_set, kind)
        return self._fragments[name]

    def _field(self, node: FieldNode, parent: Any) -> Size:
        self.tally.aliases += node.alias is not None
        name = node.name.value
        if name.startswith("__"):
            return Size(1, 1)
        field = _field_of(parent, name)
        if node.selection_set is None or field is None:
            return Size(1, 1)
        below = self._selection(node.selection_set, get_named_type(field.type))
        return Size(1 + below.depth, 1 + self._times(node, field) * below.cost)

    def _times(self, node: FieldNode, field: GraphQLField) -> int:
        """How often what is below a field is made."""
        if "first" in field.args:
            return self._first(node, field)
        kind = (
            field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
        )
        # the page's own size was counted where ``first`` stands
        if not isinstance(kind, GraphQLList) or node.name.value in {"edges", "nodes"}:
            return 1
        return self._limits.few

    def _first(self, node: FieldNode, field: GraphQLField) -> int:
        given = next(
            (one.value for one in node.arguments or () if one.name.value == "first"),
            None,
        )
        value: Any = field.args["first"].default_value
        if isinstance(given, IntValueNode):
            value = int(given.value[:9])
        elif isinstance(given, VariableNode):
            value = self._variables.get(given.name.value, self._limits.page)
        largest = self._limits.page
        return max(1, min(value, largest)) if isinstance(value, int) else largest


def rule(variables: Mapping[str, Any], limits: Limits = LIMITS) -> type[ValidationRule]:
    """The validation rule for one request."""

    class CostRule(ValidationRule):
        """Refuses what is too deep, too wide or too dear."""

        def enter_document(self, node: DocumentNode, *_: Any) -> None:
            measure = Measure(self.context, variables, limits)
            for problem in _problems(node, measure, limits):
                self.report_error(problem)

    return CostRule


def _problems(
    document: DocumentNode, measure: Measure, limits: Limits
) -> list[GraphQLError]:
    operations = [
        one for one in document.definitions if isinstance(one, OperationDefinitionNode)
    ]
    counts: list[tuple[str, str, int, int]] = []
    for operation in operations:
        size = measure.operation(operation)
        roots = len(operation.selection_set.selections)
        counts += [
            ("深度", "depth", size.depth, limits.depth),
            ("代价", "cost", size.cost, limits.cost),
            ("根字段数", "root fields", roots, limits.roots),
        ]
    fragments = len(document.definitions) - len(operations)
    tally = measure.tally
    counts += [
        ("片段数", "fragments", fragments, limits.fragments),
        ("片段引用数", "fragment spreads", tally.spreads, limits.spreads),
        ("别名数", "aliases", tally.aliases, limits.aliases),
        ("指令数", "directives", tally.directives, limits.directives),
    ]
    return [_refused(*count) for count in counts if count[2] > count[3]]


def _refused(zh: str, en: str, found: int, most: int) -> GraphQLError:
    shown = str(found) if found < 10**9 else "> 10^9"
    refused = RequestInvalid(
        f"查询{zh}为 {shown}，上限 {most}",
        f"The operation's {en}: {shown}, at most {most}",
        where="document",
    )
    message = f"{refused.message.zh} / {refused.message.en}"
    return GraphQLError(message, extensions=body(refused))


def _field_of(parent: object, name: str) -> GraphQLField | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        fields: Mapping[str, GraphQLField] = parent.fields
        return fields.get(name)
    return None
