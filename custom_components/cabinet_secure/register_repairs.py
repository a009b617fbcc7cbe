"""What a person has to know or mend about the register, as repairs."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .register import Condition, Found, Interruption, Trouble

# These are on record and nothing to be mended: the practice's own choice, or explained
# by a trouble that was shown.
ORDINARY = frozenset({Found.MOVED, Found.LOST})


class RegisterRepairs:
    """Keeps the repairs of one practice as its register is."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        self._hass = hass
        self._entry = entry
        self._shown: Trouble | None = None
        ir.async_delete_issue(hass, DOMAIN, _waiting(entry.entry_id))

    @callback
    def follow(self, condition: Condition) -> None:
        """Show what keeps entries from being written, for as long as it does."""
        if condition.trouble is self._shown:
            return
        self._shown = condition.trouble
        issue_id = _waiting(self._entry.entry_id)
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
        if interruption.found in ORDINARY:
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            _interrupted(self._entry.entry_id, interruption.found),
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
def async_forget_register_repairs(hass: HomeAssistant, entry_id: str) -> None:
    """Close the repairs about the register of a practice that is removed."""
    for found in Found:
        ir.async_delete_issue(hass, DOMAIN, _interrupted(entry_id, found))
    ir.async_delete_issue(hass, DOMAIN, _waiting(entry_id))


def _waiting(entry_id: str) -> str:
    return f"register-{entry_id}"


def _interrupted(entry_id: str, found: Found) -> str:
    return f"register-{entry_id}-{found}"
