"""That no root field is without a row in the policy table, nor a row without a field.

The decision itself is made in ``hub.engine.policy``, by the functions that answer;
the schema cannot walk round it and does not repeat it.
"""

from __future__ import annotations

from graphql import GraphQLSchema
from strawberry.utils.str_converters import to_camel_case

from hub.engine import policy
from hub.errors import SettingInvalid


def root_fields(schema: GraphQLSchema) -> frozenset[str]:
    """The names of all root fields."""
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    return frozenset(name for root in roots if root for name in root.fields)


def check(schema: GraphQLSchema) -> None:
    """Refuse to start with a field nobody decided about; raises ``SettingInvalid``."""
    decided = frozenset(to_camel_case(thing) for thing in policy.THINGS)
    odd = sorted(decided ^ root_fields(schema))
    if odd:
        raise SettingInvalid(
            f"权限表与根字段不一致：{'、'.join(odd)}",
            f"The policy table and the root fields differ: {', '.join(odd)}",
            where="hub/engine/policy.py",
        )
