"""Offer a 2N device that was found on the network to a practice, or found one for it."""

from types import MappingProxyType
from typing import Any, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlow,
    ConfigFlowContext,
    ConfigFlowResult,
    ConfigSubentry,
    ConfigSubentryData,
)
from homeassistant.const import CONF_HOST, CONF_NAME, CONF_SSL
from homeassistant.core import callback
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import voluptuous as vol

from .const import CONF_LANGUAGE, SUBENTRY_STATION
from .station_draft import StationDraft
from .station_flow import StationSteps
from .station_survey import Found, SurveyError, async_find

CONF_PRACTICE = "practice"


class DiscoverySteps(
    StationSteps[ConfigFlowContext, ConfigFlowResult, str], ConfigFlow
):
    """The steps for a station that was found.

    It is described in this same flow: Home Assistant's page follows a flow to one of
    a subentry only where the first has created an entry.
    """

    # The practice that is being set up.
    _title: str
    _data: dict[str, Any]
    _options: dict[str, Any]
    # What is known of the station, and the practice that it joins.
    _found: Found
    _joins: ConfigEntry | None = None

    def _practices(self) -> list[ConfigEntry]:
        return self._async_current_entries(include_ignore=False)

    @override
    async def async_step_dhcp(
        self, discovery_info: DhcpServiceInfo
    ) -> ConfigFlowResult:
        """Offer a device whose MAC address is one of 2N's."""
        return await self._async_offer(discovery_info.ip, mac=discovery_info.macaddress)

    @override
    async def async_step_zeroconf(
        self, discovery_info: ZeroconfServiceInfo
    ) -> ConfigFlowResult:
        """Offer a device that calls itself 2N, once it has proved to be one."""
        return await self._async_offer(discovery_info.host)

    async def _async_offer(self, host: str, mac: str | None = None) -> ConfigFlowResult:
        """Offer the device at `host` to a practice, unless one has it already."""
        if mac is not None:
            await self.async_set_unique_id(format_mac(mac))
            self._abort_if_unique_id_configured()
        try:
            found = await async_find(self.hass, host)
        except SurveyError:
            return self.async_abort(reason="not_two_n")
        if mac is None:
            if not found.mac:
                return self.async_abort(reason="not_two_n")
            await self.async_set_unique_id(format_mac(found.mac))
            self._abort_if_unique_id_configured()
        if self._async_known(found):
            return self.async_abort(reason="already_configured")
        self._found = found
        self.context["title_placeholders"] = {CONF_NAME: found.name}
        match self._practices():
            case []:
                return await self.async_step_user()
            case [entry]:
                self._joins = entry
                return await self.async_step_station()
            case _:
                return await self.async_step_practice()

    @callback
    def _async_known(self, found: Found) -> bool:
        """Return whether a practice has the device; follow it to a new address."""
        for entry in self._practices():
            for station in entry.get_subentries_of_type(SUBENTRY_STATION):
                if found.serial is None:
                    if station.data[CONF_HOST] == found.host:
                        return True
                elif station.unique_id == found.serial:
                    self.hass.config_entries.async_update_subentry(
                        entry, station, data={**station.data, CONF_HOST: found.host}
                    )
                    return True
        return False

    async def async_step_practice(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which practice the station belongs to."""
        practices = {entry.entry_id: entry for entry in self._practices()}
        if user_input is not None:
            self._joins = practices[user_input[CONF_PRACTICE]]
            return await self.async_step_station()
        return self.async_show_form(
            step_id="practice",
            data_schema=vol.Schema(
                {
                    vol.Required(CONF_PRACTICE): SelectSelector(
                        SelectSelectorConfig(
                            options=[
                                SelectOptionDict(value=entry_id, label=entry.title)
                                for entry_id, entry in practices.items()
                            ],
                            mode=SelectSelectorMode.LIST,
                        )
                    )
                }
            ),
            description_placeholders={"station": self._found.name},
        )

    async def async_step_station(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how to reach the station that was found."""
        found = self._found
        data = self._data if self._joins is None else self._joins.data
        return await self._async_connect(
            "station",
            user_input,
            language=data[CONF_LANGUAGE],
            known={CONF_HOST: found.host, CONF_SSL: found.tls},
            found={"name": found.name, "host": found.host},
        )

    @override
    async def _async_described(self, draft: StationDraft) -> ConfigFlowResult:
        if (entry := self._joins) is None:
            # The device is the unique id of this flow, never of the practice.
            await self.async_set_unique_id(None)
            return self.async_create_entry(
                title=self._title,
                data=self._data,
                options=self._options,
                subentries=[
                    ConfigSubentryData(
                        data=draft.data,
                        subentry_type=SUBENTRY_STATION,
                        title=draft.title,
                        unique_id=draft.survey.serial,
                    )
                ],
            )
        if entry.entry_id not in {practice.entry_id for practice in self._practices()}:
            return self.async_abort(reason="practice_removed")
        self.hass.config_entries.async_add_subentry(
            entry,
            ConfigSubentry(
                data=MappingProxyType(draft.data),
                subentry_type=SUBENTRY_STATION,
                title=draft.title,
                unique_id=draft.survey.serial,
            ),
        )
        return self.async_abort(
            reason="station_added",
            description_placeholders={
                "station": draft.title,
                "practice": entry.title,
            },
        )
