"""Date the stages that clauses show, and keep of each sentence what tells most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from kzai_graph.edtf import is_after
from kzai_graph.entities import Entity
from kzai_graph.model import Evidence, Milestone, Modality
from kzai_graph.readings import Reading
from kzai_graph.stages import Reached


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A milestone whose instrument and actor are still entities of the document."""

    instrument: Entity
    stage: str
    modality: Modality
    date: str | None
    deadline: str | None
    by: Entity | None
    evidence: Evidence

    @property
    def details(self) -> frozenset[tuple[str, object]]:
        """What it says beside the stage, by name."""
        said = (("date", self.date), ("deadline", self.deadline), ("by", id(self.by) if self.by is not None else None))
        return frozenset((name, value) for name, value in said if value is not None)

    def to_model(self, local: Callable[[Entity | None], str | None]) -> Milestone:
        instrument = local(self.instrument)
        assert instrument is not None
        who = local(self.by)
        return Milestone(instrument, self.stage, self.modality, self.date, self.deadline, who, (self.evidence,))


def find_milestones(reading: Reading) -> list[Waypoint]:
    """Find the milestones of a document, in the order of its clauses.

    Of what one sentence says of one stage of an instrument, what does not assert is believed, and what says less
    than another is dropped.
    """
    places: dict[tuple[object, ...], list[Waypoint]] = defaultdict(list)
    for reached in reading.reached:
        for waypoint in _waypoint(reached, reading):
            places[waypoint.evidence.sentence, id(waypoint.instrument), waypoint.stage].append(waypoint)
    kept: list[Waypoint] = []
    for found in places.values():
        believed = [w for w in found if w.modality is not Modality.ASSERTED] or found
        told = {(w.modality, w.details): w for w in believed}
        kept += [w for (m, d), w in told.items() if not any(m is other and d < more for other, more in told)]
    return kept


def _waypoint(reached: Reached, reading: Reading) -> Iterator[Waypoint]:
    """The milestone, where its sentence names the instrument; what is dated after its document is planned."""
    block, clause = reached.block, reached.clause
    sentence = reading.sentence(block, clause.begin)
    instrument, by = reached.instrument, reached.by
    if not sentence.contains(reading.span(block, instrument.begin, instrument.end)):
        return
    if by is not None and not sentence.contains(reading.span(block, by.begin, by.end)):
        by = None
    date, deadline = reading.times_of(block, clause)
    today = reading.document.metadata.date
    past = date is not None and today is not None and not is_after(date, today)
    ahead = is_after(date, today) or is_after(deadline, today) or (reached.scheduled and not past)
    yield Waypoint(
        instrument.entity,
        reached.stage,
        Modality.PLANNED if ahead and reached.modality is Modality.ASSERTED else reached.modality,
        date,
        deadline,
        by.entity if by is not None else None,
        replace(
            reading.evidence(block, (clause.begin, clause.end), reached.frame, clause, reached.modality),
            stage=reached.stage,
        ),
    )


__all__ = ["Waypoint", "find_milestones"]
