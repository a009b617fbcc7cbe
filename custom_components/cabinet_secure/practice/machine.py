"""The practice: every event goes through here, and every decision comes out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from . import access, answers, door_reports, late_effects, mode, ring, supervision
from .auto_open import course as auto_open
from .auto_open.events import AutoOpenSuspended, AutoOpenSwitched
from .cameras import evidence, privacy, viewing
from .cameras.events import CameraViewed, EvidenceReported, PrivacyRequested
from .config import STRIKE_REPORTS_WITHIN, PracticeConfig
from .door_watch import course as door_watch
from .effects import Effect, HoldStrike, PulseStrike
from .events import (
    AccessDenied,
    AccessGranted,
    BellPressed,
    CallAnswered,
    CallEnded,
    CallStarted,
    CommandFailed,
    DeadlinePassed,
    DoorEvent,
    DoorSeen,
    EquipmentLost,
    EquipmentRestored,
    Event,
    FaultCleared,
    FaultRaised,
    HoldRequested,
    ModeChosen,
    OpenRequested,
    PanicPressed,
    PanicReleased,
    ReleaseAccepted,
    RingAnswer,
    SecureRequested,
    StrikeReleased,
    StrikeSecured,
    TokenPresented,
)
from .grants import giving, lists, passing
from .grants.events import (
    AccessListRead,
    AccessListRefused,
    DoorCodePresented,
    GrantRequested,
    LinkPresented,
    LinkVisited,
    RevokeHolderRequested,
    RevokeRequested,
)
from .hours import course, periods
from .hours.events import FollowedScheduleSeen, PeriodAdded, PeriodRemoved
from .intrusion import alarm, codes, sensors
from .intrusion.events import (
    ArmRequested,
    CodeOffered,
    CodePresented,
    DisarmRequested,
    SensorEvent,
    TriggerRequested,
)
from .lockdown import course as lockdown
from .lockdown.events import EntryBlocked, EntryNotChanged, FireReported
from .lockdown.state import LockdownState
from .panic import chain, course as panics, gestures, requests
from .panic.chain import ChainWalked
from .panic.events import AcknowledgePanic, RaisePanic, ResetPanic, StartDrill
from .people import AUTO_OPEN, Actor, ActorKind
from .sirens import course as sirens
from .sirens.events import (
    SilenceRequested,
    SirenCommanded,
    SirenEvent,
    SirenReported,
    SoundRequested,
)
from .state import DoorState, Mode, PracticeState
from .turn import Turn


class Practice:
    """A practice: what it was told, what it remembers, and what it decides.

    `new_token` answers an unguessable text of at least 128 bits at every call.
    """

    def __init__(
        self,
        config: PracticeConfig,
        state: PracticeState,
        new_token: Callable[[], str],
    ) -> None:
        self.config = config
        self.state = _after_restart(config, state)
        self._new_token = new_token

    def handle(self, event: Event, now: datetime) -> list[Effect]:
        """Take in an event at `now` (UTC); answer what is to be done, urgent first.

        What is due by `now` is settled before the event is looked at: an answer that
        comes after the end of a ring finds it ended, however late the clock ticks.
        """
        turn = Turn(
            config=self.config, state=self.state, now=now, new_token=self._new_token
        )
        _settle(turn)
        _dispatch(turn, event)
        lockdown.settle(turn)
        door_watch.settle(turn)
        giving.settle(turn)
        privacy.settle(turn, event)
        evidence.settle(turn)
        self.state = turn.state
        return sorted(
            turn.effects, key=lambda effect: (effect.urgency, not effect.eager)
        )

    def may_still_go_out(
        self, effect: Effect, decided_at: datetime, now: datetime
    ) -> bool:
        """Whether a command that was decided then may go out now.

        Storing the decision to release a strike may have taken long, and a lockdown may
        have come between: a release that comes later than its proof is awaited opens
        nothing.
        """
        if not isinstance(effect, PulseStrike | HoldStrike):
            return True
        if not timedelta() <= now - decided_at < STRIKE_REPORTS_WITHIN:
            return False
        by = next((o.by for o in self.state.openings if o.id == effect.opening), None)
        if by == AUTO_OPEN:
            return not auto_open.bar(self.config, self.state, effect.door, now)
        if self.state.mode is not Mode.LOCKDOWN:
            return True
        return by is not None and self.config.may_override(by)

    def next_deadline(self) -> datetime | None:
        """Return when `DeadlinePassed` is due, or None if nothing waits for time."""
        times = [
            due
            for known in self.state.rings
            if (due := ring.next_deadline(known, self.config.escalation)) is not None
        ]
        times += [opening.deadline for opening in self.state.openings]
        times += [
            loss.since + supervision.LOSS_ANNOUNCED_AFTER
            for loss in self.state.losses
            if not loss.announced
        ]
        times += evidence.deadlines(self.state)
        times += course.deadlines(self.config, self.state.hours)
        panic = self.config.panic
        times += gestures.next_deadlines(self.state.panic.presses)
        times += panics.next_deadlines(
            self.state.panic.open, panic.escalation, panic.repeat
        )
        times += sirens.next_deadlines(self.state.sirens)
        times += sensors.deadlines(self.state.intrusion)
        times += auto_open.deadlines(self.state)
        times += door_watch.deadlines(self.config, self.state)
        times += lockdown.deadlines(self.config, self.state)
        if self.state.grants.due is not None:
            times.append(self.state.grants.due)
        return min(times, default=None)


def _after_restart(config: PracticeConfig, state: PracticeState) -> PracticeState:
    """Keep what still holds: equipment that is gone is forgotten, doors are unknown."""
    # The hours may have been set up anew, and a schedule that is followed have changed.
    followed = state.hours.followed
    if followed is not None and followed.until is None:
        followed = None
    return replace(
        evidence.after_restart(config, privacy.after_restart(config, state)),
        hours=replace(state.hours, scheduled=None, followed=followed),
        # Fires are reported anew as soon as equipment answers.
        lockdown=LockdownState(entries=lockdown.after_restart(state, config)),
        doors=tuple(
            DoorState(door=door.door, changed_by=door.changed_by)
            for door in state.doors
            if door.door in config.doors
        ),
        losses=tuple(
            loss for loss in state.losses if loss.equipment in config.equipment
        ),
        faults=tuple(
            fault for fault in state.faults if fault.equipment in config.equipment
        ),
        sirens=tuple(
            sirens.after_restart(siren)
            for siren in state.sirens
            if siren.siren in config.sirens and (siren.sounding or not siren.proven)
        ),
        panic=replace(
            state.panic,
            sources=tuple(
                record
                for record in state.panic.sources
                if record.source in config.panic.sources
            ),
        ),
        intrusion=sensors.after_restart(config.intrusion, state.intrusion),
        grants=lists.after_restart(config, state.grants),
    )


def _settle(turn: Turn) -> None:
    mode.settle(turn)
    auto_open.settle(turn)
    alarm.settle(turn)
    sensors.announce_losses(turn)
    codes.settle(turn)
    for opening in access.give_up_unproven(turn):
        ring.opening_failed(turn, opening)
    late_effects.forget_old(turn)
    ring.deadlines_passed(turn)
    supervision.announce_losses(turn)
    gestures.deadlines_passed(turn)
    panics.deadlines_passed(turn)
    sirens.deadlines_passed(turn)
    giving.settle(turn)


def _dispatch(turn: Turn, event: Event) -> None:
    match event:
        case DoorEvent(door=door) if door not in turn.config.doors:
            pass  # a door that equipment has and this practice does not
        case BellPressed():
            ring.bell_pressed(turn, event)
        case CallStarted():
            ring.call_started(turn, event)
        case CallAnswered():
            ring.call_answered(turn, event)
        case CallEnded():
            ring.call_ended(turn, event)
        case StrikeReleased():
            ring.strike_released(turn, event, access.strike_released(turn, event))
        case ReleaseAccepted():
            if opening := access.release_accepted(turn, event):
                ring.door_opened(turn, event.door, opening.by)
        case StrikeSecured():
            access.strike_secured(turn, event)
        case DoorSeen():
            if opening := access.door_seen(turn, event):
                ring.door_opened(turn, event.door, opening.by)
        case DoorCodePresented():
            if actor := passing.code_presented(turn, event):
                ring.door_opened(turn, event.door, actor)
        case AccessGranted():
            passing.device_granted(turn, event)
            door_reports.door_reported(turn, event)
            if passing.may_be_staff(turn, event):
                by = Actor(kind=ActorKind.CODE, name=event.label)
                course.somebody_entered(turn, event, by)
            mode.settle(turn)
        case AccessDenied() if passing.is_left_to_us(turn, event):
            if actor := passing.device_recognised(turn, event):
                ring.door_opened(turn, event.door, actor)
        case AccessDenied():
            door_reports.door_reported(turn, event)
            passing.device_denied(turn, event)
        case DoorEvent():
            door_reports.door_reported(turn, event)
            alarm.opened_while_away(turn, event)
        case TokenPresented():
            if not requests.token_presented(turn, event):
                answers.token_presented(turn, event)
        case RingAnswer():
            answers.ring_answered(turn, event)
        case OpenRequested():
            if access.open_requested(turn, event):
                ring.door_opened(turn, event.door, event.actor)
        case HoldRequested():
            if access.hold_requested(turn, event):
                ring.door_opened(turn, event.door, event.actor)
        case SecureRequested():
            access.secure_requested(turn, event)
        case CommandFailed():
            if opening := access.command_failed(turn, event):
                ring.opening_failed(turn, opening)
        case ModeChosen():
            mode.mode_chosen(turn, event)
        case AutoOpenSwitched():
            auto_open.switched(turn, event)
        case AutoOpenSuspended():
            auto_open.suspended(turn, event)
        case FollowedScheduleSeen():
            course.schedule_seen(turn, event)
            mode.settle(turn)
        case PeriodAdded():
            periods.period_added(turn, event)
            mode.settle(turn)
        case PeriodRemoved():
            periods.period_removed(turn, event)
            mode.settle(turn)
        case PrivacyRequested():
            privacy.privacy_requested(turn, event)
        case CameraViewed():
            viewing.camera_viewed(turn, event)
        case EvidenceReported():
            evidence.reported(turn, event)
        case PanicPressed():
            gestures.pressed(turn, event)
        case PanicReleased():
            gestures.released(turn, event)
        case RaisePanic():
            requests.help_called(turn, event)
        case AcknowledgePanic():
            requests.acknowledged(turn, event)
        case ResetPanic():
            requests.reset(turn, event)
        case ChainWalked():
            chain.chain_walked(turn, event)
        case StartDrill():
            requests.drill_started(turn, event)
        case SoundRequested():
            sirens.sound_requested(turn, event)
        case SilenceRequested():
            sirens.silence_requested(turn, event)
        case SirenEvent(siren=siren) if siren not in turn.config.sirens:
            pass  # a siren that equipment has and this practice does not
        case SirenCommanded():
            sirens.commanded(turn, event)
        case SirenReported():
            sirens.reported(turn, event)
        case EquipmentLost():
            supervision.equipment_lost(turn, event)
        case EquipmentRestored():
            supervision.equipment_restored(turn, event)
            sirens.equipment_restored(turn, event.equipment)
            lockdown.equipment_restored(turn, event.equipment)
            lists.equipment_restored(turn, event.equipment)
        case FireReported():
            if lockdown.fire_reported(turn, event):
                mode.fire_begins(turn)
        case EntryBlocked():
            lockdown.entry_blocked(turn, event)
        case EntryNotChanged():
            lockdown.entry_not_changed(turn, event)
        case FaultRaised():
            supervision.fault_raised(turn, event)
        case FaultCleared():
            supervision.fault_cleared(turn, event)
        case SensorEvent():
            sensors.sensor_told(turn, event)
        case ArmRequested():
            alarm.arm_requested(turn, event)
        case DisarmRequested():
            alarm.disarm_requested(turn, event)
            mode.settle(turn)
        case TriggerRequested():
            alarm.trigger_requested(turn, event)
        case CodeOffered():
            codes.code_offered(turn, event)
        case CodePresented():
            codes.code_presented(turn, event)
            mode.settle(turn)
        case GrantRequested():
            giving.grant_requested(turn, event)
        case RevokeRequested():
            giving.revoke_requested(turn, event)
        case RevokeHolderRequested():
            giving.revoke_holder_requested(turn, event)
        case LinkVisited():
            passing.link_visited(turn, event)
        case LinkPresented():
            if actor := passing.link_presented(turn, event):
                ring.door_opened(turn, event.door, actor)
        case AccessListRead():
            lists.list_read(turn, event)
        case AccessListRefused():
            lists.list_refused(turn, event)
        case DeadlinePassed():
            pass  # what was due is settled already
