"""One resource of one simulated host, brought to what its kind wants as a plan would."""

from __future__ import annotations

from engine.kinds.contract import Difference
from engine.kinds.table import KINDS
from engine.model.base import State
from engine.model.observation import Absent, Observation, Present, Unknown
from engine.model.plan import Action
from engine.model.resource import Spec
from tests.support.inprocess import InProcess


class Resource:
    """A resource as it was read when this was made."""

    def __init__(self, session: InProcess, kind: str, spec: Spec) -> None:
        self.session = session
        self.kind = KINDS[kind]
        self.spec = spec
        self.answers = session.read(self.kind.observe(spec))

    def observed(self) -> Observation:
        return self.kind.parse(self.spec, self.answers)

    def wanted(self) -> State:
        wanted = self.kind.wanted(self.spec, self.answers)
        assert not isinstance(wanted, Unknown), wanted.reason
        return wanted

    def differing(self) -> frozenset[str]:
        """The fields that are not as wanted, of a resource that is there."""
        observed = self.observed()
        assert isinstance(observed, Present), observed
        wanted = self.wanted()
        assert set(wanted) <= set(observed.state)
        return frozenset(name for name in wanted if wanted[name] != observed.state[name])

    def do(self, action: Action, changed: frozenset[str] = frozenset()) -> None:
        observed = self.observed()
        assert not isinstance(observed, Unknown), observed.reason
        wanted = {} if action is Action.DELETE else self.wanted()
        difference = Difference(action, observed, wanted, changed, self.answers)
        self.session.do(self.kind.steps(self.spec, difference))

    def converge(self) -> frozenset[str]:
        """Create or change it; gives the fields that differed."""
        if isinstance(self.observed(), Absent):
            self.do(Action.CREATE)
            return frozenset()
        changed = self.differing()
        if changed:
            self.do(Action.REPLACE if self.kind.replaces(self.spec, changed) else Action.UPDATE, changed)
        return changed
