"""Walks the panic chain: phones, storage, and what is due to be tried.

What is broken and what is due is decided in `practice/panic/chain.py`.
"""

from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import callback
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .const import CONF_PANIC_PHONES, DOMAIN
from .coordinator import PracticeCoordinator
from .listeners import PRACTICE
from .practice.panic.chain import ChainWalked, Due, Phone, due

# DOMAIN: a fault is announced within 180 s.
_EVERY: Final = timedelta(seconds=120)


@callback
def async_watch_panic_chain(coordinator: PracticeCoordinator) -> None:
    """Walk the chain now and then, until the practice is unloaded."""
    watch = _Watch(coordinator)
    entry = coordinator.entry
    entry.async_on_unload(
        async_track_time_interval(
            coordinator.hass, watch.walk, _EVERY, name="panic chain"
        )
    )
    entry.async_on_unload(coordinator.async_listen(PRACTICE, watch.remind))
    watch.walk(dt_util.utcnow())
    watch.remind()


class _Watch:
    """Looks at what the practice cannot see, and shows what is due as repairs."""

    def __init__(self, coordinator: PracticeCoordinator) -> None:
        self._coordinator = coordinator
        self._shown: dict[str, Due] = {}

    @callback
    def walk(self, _now: datetime) -> None:
        """Let the practice know of the phones, and of what is kept."""
        wanted: list[str] = self._coordinator.entry.options.get(CONF_PANIC_PHONES, [])
        self._coordinator.hear(
            ChainWalked(
                phones=tuple(self._phone(device_id) for device_id in wanted),
                storable=self._coordinator.storable,
            )
        )
        self.remind()

    def _phone(self, device_id: str) -> Phone:
        hass = self._coordinator.hass
        device = dr.async_get(hass).async_get(device_id)
        if device is None:
            return Phone(name=device_id, registered=False)
        entities = er.async_entries_for_device(er.async_get(hass), device_id)
        name = device.name_by_user or device.name or device_id
        reports = [
            state.last_reported
            for entity in entities
            if entity.domain != "notify"
            and (state := hass.states.get(entity.entity_id)) is not None
        ]
        # Without the entity nobody can notify it.
        return Phone(
            name=name,
            registered=any(
                entity.domain == "notify" and not entity.disabled for entity in entities
            ),
            seen_at=max(reports, default=None),
        )

    @callback
    def remind(self) -> None:
        """Show what is due, and close what was done."""
        coordinator = self._coordinator
        entry = coordinator.entry
        waiting = {
            f"{entry.entry_id}-{each.reminder}-{each.source}": each
            for each in due(
                coordinator.config, coordinator.state.panic, dt_util.utcnow()
            )
        }
        for issue_id in self._shown.keys() - waiting.keys():
            ir.async_delete_issue(coordinator.hass, DOMAIN, issue_id)
        for issue_id, each in waiting.items():
            if self._shown.get(issue_id) != each:
                self._show(issue_id, each)
        self._shown = waiting

    def _show(self, issue_id: str, what: Due) -> None:
        coordinator = self._coordinator
        source = coordinator.config.panic.sources.get(what.source)
        last = dt_util.as_local(what.last).date().isoformat() if what.last else "–"
        ir.async_create_issue(
            coordinator.hass,
            DOMAIN,
            issue_id,
            data={"entry_id": coordinator.entry.entry_id},
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=what.reminder,
            translation_placeholders={
                "practice": coordinator.entry.title,
                "button": source.location if source else "",
                "last": last,
            },
        )
