"""The fourteen ideas, one module each: what a thing of each kind may hold.

`KINDS` has them by name, with the control entry `property` that a team may put as well.
"""

from __future__ import annotations

from onrecord.record.ideas import (
    actor,
    assessment,
    claim,
    custody,
    event,
    item,
    norm,
    passage,
    place,
    proceeding,
    property,
    publication,
    relation,
    statement,
    terms,
)
from onrecord.record.ideas.kind import Kind

KINDS: dict[str, Kind] = {
    module.KIND.name: module.KIND
    for module in (
        item, custody, passage, statement, claim, actor, relation, place,
        event, norm, proceeding, terms, assessment, publication, property,
    )
}  # fmt: skip

__all__ = ["KINDS", "Kind"]
