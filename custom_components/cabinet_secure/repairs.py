"""What a person has to mend, as repairs that stay until it is mended."""

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .blueprint_repair import BlueprintRepairFlow
from .const import DOMAIN
from .coordinator import PracticeCoordinator
from .equipment import Equipment, Trouble, TroubleKind
from .register_repairs import LeftFileRepairFlow


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return what mends an issue, or takes note that it is known."""
    match data:
        case {"path": path}:
            return BlueprintRepairFlow(str(path))
        case {"register_of": entry_id}:
            return LeftFileRepairFlow(str(entry_id))
        case _:
            return ConfirmRepairFlow()


@callback
def async_follow_troubles(coordinator: PracticeCoordinator) -> None:
    """Show the troubles of all equipment, for as long as they last."""
    async_forget_troubles(
        coordinator.hass,
        coordinator.entry.entry_id,
        keep=tuple(each.id for each in coordinator.equipment.values()),
    )
    for subentry_id, equipment in coordinator.equipment.items():
        follower = _Follower(coordinator, subentry_id, equipment)
        coordinator.entry.async_on_unload(
            coordinator.async_listen(equipment.id, follower.look)
        )


@callback
def async_forget_troubles(
    hass: HomeAssistant, entry_id: str, *, keep: tuple[str, ...] = ()
) -> None:
    """Close the repairs of a practice for equipment that it has no more."""
    registry = ir.async_get(hass)
    for (domain, issue_id), issue in list(registry.issues.items()):
        if (
            domain == DOMAIN
            and (issue.data or {}).get("entry_id") == entry_id
            and not issue_id.startswith(tuple(f"{each}-" for each in keep))
        ):
            ir.async_delete_issue(hass, DOMAIN, issue_id)


def _list_troubles(equipment: Equipment) -> frozenset[Trouble]:
    """Return that equipment does not take the codes that were given."""
    if equipment.access_list is None or equipment.access_list.failure is None:
        return frozenset()
    return frozenset({Trouble(kind=TroubleKind.DIRECTORY)})


class _Follower:
    """Keeps the repairs of one equipment as its troubles are."""

    def __init__(
        self, coordinator: PracticeCoordinator, subentry_id: str, equipment: Equipment
    ) -> None:
        self._coordinator = coordinator
        self._subentry_id = subentry_id
        self._equipment = equipment
        # What an earlier run left open is closed once the equipment has told.
        self._shown: set[str] = {
            issue_id
            for domain, issue_id in ir.async_get(coordinator.hass).issues
            if domain == DOMAIN and issue_id.startswith(f"{equipment.id}-")
        }

    @callback
    def look(self) -> None:
        """Show new troubles, and close what is mended."""
        equipment = self._equipment
        troubles = equipment.troubles | _list_troubles(equipment)
        if not equipment.available and not troubles:
            return
        hass = self._coordinator.hass
        wanted = {
            f"{equipment.id}-{trouble.kind}-{trouble.subject}": trouble
            for trouble in troubles
        }
        for issue_id in self._shown - wanted.keys():
            ir.async_delete_issue(hass, DOMAIN, issue_id)
        for issue_id in wanted.keys() - self._shown:
            self._show(issue_id, wanted[issue_id])
        self._shown = set(wanted)

    def _show(self, issue_id: str, trouble: Trouble) -> None:
        if trouble.kind is TroubleKind.CREDENTIALS:
            # Home Assistant shows a reauthentication by itself.
            self._coordinator.entry.async_start_reauth(
                self._coordinator.hass,
                data={"subentry_id": self._subentry_id, "name": self._equipment.name},
            )
            return
        ir.async_create_issue(
            self._coordinator.hass,
            DOMAIN,
            issue_id,
            data={"entry_id": self._coordinator.entry.entry_id},
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=trouble.kind,
            translation_placeholders={
                "equipment": self._equipment.name,
                "subject": trouble.subject,
            },
        )
