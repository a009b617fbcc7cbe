"""What a person has to know or mend about the register, as repairs."""

from typing import Final, override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import CONF_DB_URL, DOMAIN
from .register import Condition, Found, Interruption, Trouble, Verification
from .register_files import async_has_register_file, async_remove_register_file

# On record and nothing to be mended: the practice's own choice, or explained by a
# trouble that was shown.
ORDINARY: Final = frozenset({Found.MOVED, Found.LOST})

ISSUE_FAULTY: Final = "register_faulty"
ISSUE_LEFT: Final = "register_left"


class RegisterRepairs:
    """Keeps the repairs of one practice as its register is."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        self._hass = hass
        self._entry = entry
        self._shown: Trouble | None = None
        ir.async_delete_issue(hass, DOMAIN, _issue(entry.entry_id))
        if not entry.options.get(CONF_DB_URL):
            # The file is in use, or in use again.
            ir.async_delete_issue(hass, DOMAIN, _issue(entry.entry_id, ISSUE_LEFT))

    @callback
    def follow(self, condition: Condition) -> None:
        """Show what keeps entries from being written, for as long as it does."""
        if condition.trouble is self._shown:
            return
        self._shown = condition.trouble
        issue_id = _issue(self._entry.entry_id)
        if condition.trouble is None:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.ERROR,
            translation_key=f"register_{condition.trouble}",
            translation_placeholders={"practice": self._entry.title},
        )

    @callback
    def interrupted(self, interruption: Interruption) -> None:
        """Show that the record is not whole, until somebody says that they know."""
        if interruption.found is Found.MOVED and self._entry.options.get(CONF_DB_URL):
            self._entry.async_create_task(
                self._hass, async_show_left_file(self._hass, self._entry)
            )
        if interruption.found in ORDINARY:
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            _issue(self._entry.entry_id, interruption.found),
            is_fixable=True,
            is_persistent=True,
            severity=ir.IssueSeverity.CRITICAL,
            translation_key=f"register_interrupted_{interruption.found}",
            translation_placeholders={
                "practice": self._entry.title,
                "file": interruption.file.name if interruption.file else "",
            },
        )

    @callback
    def verified(self, verification: Verification) -> None:
        """Show what a verification found, until one finds nothing."""
        issue_id = _issue(self._entry.entry_id, ISSUE_FAULTY)
        if verification.intact:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
            return
        first = verification.faults[0]
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            is_persistent=True,
            severity=ir.IssueSeverity.CRITICAL,
            translation_key=ISSUE_FAULTY,
            translation_placeholders={
                "practice": self._entry.title,
                "entry": str(first.sequence),
            },
        )


async def async_show_left_file(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Show that a file stays behind, from which nothing is removed any more."""
    if not await async_has_register_file(hass, entry.entry_id):
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue(entry.entry_id, ISSUE_LEFT),
        data={"register_of": entry.entry_id},
        is_fixable=True,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=ISSUE_LEFT,
        translation_placeholders={
            "practice": entry.title,
            "file": f"{DOMAIN}/{entry.entry_id}.db",
        },
    )


class LeftFileRepairFlow(ConfirmRepairFlow):
    """Deletes the file of a register that is not used any more, if somebody agrees."""

    def __init__(self, entry_id: str) -> None:
        self._entry_id = entry_id

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        if user_input is None:
            return await super().async_step_confirm()
        practice = self.hass.config_entries.async_get_entry(self._entry_id)
        if practice is not None and not practice.options.get(CONF_DB_URL):
            return self.async_abort(reason="in_use")
        try:
            await async_remove_register_file(self.hass, self._entry_id)
        except OSError:
            return self.async_abort(reason="not_deleted")
        return self.async_create_entry(data={})


@callback
def async_forget_register_repairs(hass: HomeAssistant, entry_id: str) -> None:
    """Close the repairs about the register of a practice that is removed."""
    for about in (*Found, ISSUE_FAULTY, None):
        ir.async_delete_issue(hass, DOMAIN, _issue(entry_id, about))


def _issue(entry_id: str, about: str | None = None) -> str:
    return f"register-{entry_id}" + (f"-{about}" if about else "")
