"""Names that the whole integration shares.

What is stored (keys of entries and subentries) is public: it changes only with a
migration.
"""

from typing import Any, Final

from homeassistant.const import Platform

from .practice.intrusion.config import SensorRole

DOMAIN: Final = "cabinet_secure"
MANUFACTURER: Final = "Cabinet Secure"

PLATFORMS: Final = (
    Platform.ALARM_CONTROL_PANEL,
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.CAMERA,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.LOCK,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SIREN,
    Platform.SWITCH,
)

# Subentries: the equipment of a practice.
SUBENTRY_CAMERA: Final = "camera"
SUBENTRY_DEMO: Final = "demo"
SUBENTRY_DOOR: Final = "door"
SUBENTRY_PANIC_BUTTON: Final = "panic_button"
SUBENTRY_SIREN: Final = "siren"
SUBENTRY_STATION: Final = "station"

# The practice: data of the config entry. Its language is that of notifications.
CONF_LANGUAGE: Final = "language"
LANGUAGES: Final = ("en", "fr")

# The practice: options. People are identifiers of Home Assistant users.
CONF_MAY_OPEN: Final = "may_open"
CONF_MAY_MANAGE: Final = "may_manage"
CONF_ON_CALL: Final = "on_call"
CONF_MAY_OVERRIDE: Final = "may_override"
CONF_AUTOMATIONS_MAY_OPEN: Final = "automations_may_open"
CONF_RING_LIFE: Final = "ring_life"
CONF_SECOND_STEP: Final = "second_step_after"
CONF_THIRD_STEP: Final = "third_step_after"
# Doors that two people open together, by their identifiers.
CONF_TWO_PEOPLE: Final = "two_people"
CONF_LINKS: Final = "opening_links"

# Evidence: days for which it is kept (DOMAIN: 7 by default, 30 at most), what all of it
# may take of the disk in megabytes, and what the cameras of stations keep pictures of.
CONF_MEDIA_DAYS: Final = "media_days"
CONF_MEDIA_LIMIT: Final = "media_limit"
CONF_STATION_EVIDENCE: Final = "station_evidence"
DEFAULT_MEDIA_DAYS: Final = 7
MAX_MEDIA_DAYS: Final = 30
DEFAULT_MEDIA_LIMIT: Final = 2000
MIN_MEDIA_LIMIT: Final = 100
MAX_MEDIA_LIMIT: Final = 100_000

# A ring lives this long, in seconds (issue: configurable 30 s to 10 min).
DEFAULT_RING_LIFE: Final = 120
MIN_RING_LIFE: Final = 30
MAX_RING_LIFE: Final = 600
# Seconds from the press to the second and the third step of escalation.
DEFAULT_SECOND_STEP: Final = 20
DEFAULT_THIRD_STEP: Final = 45
MIN_STEP: Final = 5

# The register: options. The address of a database holds a password.
CONF_DB_URL: Final = "db_url"
CONF_ACCESS_DAYS: Final = "access_days"
CONF_INCIDENT_DAYS: Final = "incident_days"
CONF_OTHER_DAYS: Final = "other_days"
# In the flow: in a file, or on a server. Stored is the address, empty for the file.
CONF_WHERE: Final = "where"

# The practice: its hours, one option. Times are "08:30", days begin with Monday.
CONF_HOURS: Final = "hours"
CONF_HOURS_KIND: Final = "kind"
CONF_WEEK: Final = "week"
CONF_FOLLOWED_ENTITY: Final = "followed_entity"
CONF_HOLIDAYS: Final = "holidays"
CONF_HOLIDAYS_REGION: Final = "holidays_region"
CONF_ON_CALL_HOURS: Final = "on_call_hours"
CONF_ON_CALL_BEGIN: Final = "on_call_begin"
CONF_ON_CALL_END: Final = "on_call_end"
CONF_ON_CALL_SUNDAYS: Final = "on_call_sundays"
CONF_ON_CALL_HOLIDAYS: Final = "on_call_holidays"
CONF_FIRST_PERSON_IN: Final = "first_person_in"
CONF_NOBODY_CAME_AFTER: Final = "nobody_came_after"
CONF_NOT_STAFF: Final = "not_staff"
# Where the hours come from.
HOURS_BY_HAND: Final = "by_hand"
HOURS_WEEKLY: Final = "weekly"
HOURS_FOLLOWED: Final = "followed"
# Opening windows of a day at most, and minutes until nobody came.
WINDOWS_A_DAY: Final = 3
DEFAULT_NOBODY_CAME_AFTER: Final = 15
MIN_NOBODY_CAME_AFTER: Final = 5
MAX_NOBODY_CAME_AFTER: Final = 120
# A panic button, whatever it hangs on. The place is free text.
CONF_AUDIBLE: Final = "audible"
CONF_GESTURE: Final = "gesture"
CONF_KIND: Final = "kind"
CONF_LOCATION: Final = "location"

# The practice: options of the panic chain. Times are seconds.
CONF_PANIC_SECOND_STEP: Final = "panic_second_step_after"
CONF_PANIC_THIRD_STEP: Final = "panic_third_step_after"
CONF_PANIC_REPEAT: Final = "panic_repeat"
CONF_ATTACK_LOCKS_DOWN: Final = "attack_locks_down"
CONF_SILENT_IS_SHOWN: Final = "silent_is_shown"
CONF_PANIC_PHONES: Final = "panic_phones"
CONF_PANIC_SIRENS: Final = "panic_sirens"
CONF_SIREN_TIME: Final = "siren_time"
CONF_SIREN_ENDS_AT: Final = "siren_ends_at"
# What follows the identifier of a siren in the unique identifier of its entity.
SIREN_SUFFIX: Final = "-siren"

# The alarm: options. Sensors are identifiers in the entity registry, or of entities that
# are not in it. Times are in seconds.
SENSOR_ROLES: Final = {
    SensorRole.ENTRY: "alarm_entry",
    SensorRole.ROUTE: "alarm_route",
    SensorRole.PERIMETER: "alarm_perimeter",
    SensorRole.INTERIOR: "alarm_interior",
    SensorRole.ALWAYS: "alarm_always",
}
CONF_BYPASSABLE: Final = "alarm_bypassable"
CONF_ENTRY_DELAY: Final = "alarm_entry_delay"
CONF_EXIT_DELAY: Final = "alarm_exit_delay"
CONF_TRIGGER_TIME: Final = "alarm_trigger_time"
CONF_MOST_SIRENS: Final = "alarm_most_sirens"
CONF_CODE_ALWAYS: Final = "alarm_code_always"
CONF_ARM_WHEN_CLOSED: Final = "alarm_arm_when_closed"
CONF_ARM_HOME_WHEN_STAFF_ONLY: Final = "alarm_arm_home_when_staff_only"
DEFAULT_ALARM: Final[dict[str, Any]] = {
    **{name: [] for name in SENSOR_ROLES.values()},
    CONF_BYPASSABLE: [],
    CONF_ENTRY_DELAY: 30,
    CONF_EXIT_DELAY: 60,
    CONF_TRIGGER_TIME: 180,
    CONF_MOST_SIRENS: 3,
    CONF_CODE_ALWAYS: False,
    CONF_ARM_WHEN_CLOSED: False,
    CONF_ARM_HOME_WHEN_STAFF_ONLY: False,
}
# DOMAIN, *Alarm* and *Panic*: the longest that each may be.
MAX_ENTRY_DELAY: Final = 45
MAX_EXIT_DELAY: Final = 300
MIN_TRIGGER_TIME: Final = 30
MAX_TRIGGER_TIME: Final = 900
MAX_SIRENS: Final = 10

# Codes of the alarm: a list in the options. A code is kept as its hash only.
CONF_CODES: Final = "alarm_codes"
CONF_CODE: Final = "code"
CONF_HASH: Final = "hash"
CONF_DURESS: Final = "duress"
CONF_LABEL: Final = "label"
CONF_PERSON: Final = "person"

# The practice: identifiers of doors that open by themselves in consultation hours.
CONF_AUTO_OPEN: Final = "auto_open"

# The practice: how long (s) a door may stand open before that is told; 0: never told.
CONF_OPEN_BY_DAY: Final = "open_by_day"
CONF_OPEN_AFTER_HOURS: Final = "open_after_hours"
DEFAULT_DOOR_WATCH: Final = {CONF_OPEN_BY_DAY: 300, CONF_OPEN_AFTER_HOURS: 60}
MAX_STANDING_OPEN: Final = 3600

# The practice: what ends a lockdown beside a person. Entities that are on in a fire.
CONF_FIRE_SENSORS: Final = "fire_sensors"

# A door station: data of its subentry, beside host, port, ssl, verify_ssl, username
# and password as Home Assistant names them. Its unique id is the serial number.
CONF_MODEL: Final = "model"
CONF_FIRMWARE: Final = "firmware"
CONF_CAMERA: Final = "camera"
CONF_DOORS: Final = "doors"
CONF_PANIC_INPUTS: Final = "panic_inputs"
# What each of them means, by its port: kind, noise, place, gesture.
CONF_PANIC_SOURCES: Final = "panic_sources"
CONF_TAMPER_INPUTS: Final = "tamper_inputs"
CONF_FIRE_INPUTS: Final = "fire_inputs"
CONF_SIREN_OUTPUTS: Final = "siren_outputs"
# All ports that it has, with a role or without.
CONF_INPUTS: Final = "inputs"
CONF_OUTPUTS: Final = "outputs"
CONF_EXIT_DECLARED: Final = "exit_declared"

# One of its doors. No button named: every call button rings this door.
CONF_SWITCH: Final = "switch"
CONF_BUTTONS: Final = "buttons"
CONF_CONTACT: Final = "contact"
# The contact of a door may be the one that the station itself reports on.
CONTACT_OF_STATION: Final = "station"
# In the flow, a door without one; stored as null.
CONTACT_NONE: Final = "none"

# A camera that Home Assistant has already: data of its subentry. Entities are
# identifiers of the entity registry, or entity ids where there is none.
CONF_SOURCE: Final = "source"
CONF_ZONE: Final = "zone"
CONF_HIDDEN_IN: Final = "hidden_in"
CONF_PRIVACY_SWITCH: Final = "privacy_switch"
CONF_HIDE_ACTION: Final = "hide_action"
CONF_EVIDENCE: Final = "evidence"
CONF_PANIC_LIFTS: Final = "panic_lifts"
CONF_SHOW_ACTION: Final = "show_action"
# Adopted entities: data of their subentries. They are named by what the entity registry
# calls them, which outlives a change of the entity id, or else by the entity id.
CONF_BELL: Final = "bell"
CONF_BELL_DEVICE: Final = "bell_device"
CONF_CHECK_IN: Final = "check_in"
CONF_LOCK_AGAIN: Final = "lock_again"
CONF_LONGEST: Final = "longest"
CONF_MEDIA: Final = "media"
CONF_NORMALLY_CLOSED: Final = "normally_closed"
CONF_OPEN_FOR: Final = "open_for"
CONF_OPENER: Final = "opener"
CONF_OPENER_TELLS: Final = "opener_tells"
CONF_PLACE: Final = "place"
CONF_PRESS: Final = "press"
CONF_PRESS_DEVICE: Final = "press_device"
CONF_PRESS_TYPES: Final = "press_types"
CONF_SIREN: Final = "siren"
CONF_SWITCHES_OFF: Final = "switches_off"
CONF_TAMPER: Final = "tamper"
CONF_TONE: Final = "tone"
CONF_TRIGGER: Final = "trigger"
CONF_VOLUME: Final = "volume"

# A siren sounds this long at most, in seconds (DOMAIN: *Panic*).
LONGEST_OUTDOORS: Final = 180
LONGEST_INDOORS: Final = 900

# Where players find the sound of a siren; nothing secret is behind it.
SIREN_SOUND: Final = "/cabinet_secure/siren.wav"

# What tells a duress code from the code of the same name, in the list of codes.
UNDER_DURESS: Final = {"en": "under duress", "fr": "sous contrainte"}

# Names that the flows propose, in the language of the practice.
DEMONSTRATION: Final = {"en": "Demonstration", "fr": "Démonstration"}
FIRST_DOOR: Final = {"en": "Entrance", "fr": "Entrée"}
FURTHER_DOOR: Final = {"en": "Door {number}", "fr": "Porte {number}"}

# What the hours calendar calls the modes, in the language of the practice.
MODES: Final = {
    "en": {
        "open": "Open",
        "staff_only": "Staff only",
        "on_call": "On call",
        "closed": "Closed",
    },
    "fr": {
        "open": "Ouvert",
        "staff_only": "Personnel seul",
        "on_call": "Garde",
        "closed": "Fermé",
    },
}

# Options of triggers and conditions, fields of actions.
ATTR_ANSWER: Final = "answer"
ATTR_CONFIRMED: Final = "confirmed"
ATTR_PANIC: Final = "panic"
ATTR_SIREN: Final = "siren"
ATTR_BYPASS: Final = "bypass"
ATTR_RING: Final = "ring"
ATTR_CARD: Final = "card"
ATTR_DAYS: Final = "days"
ATTR_ENDED: Final = "ended"
ATTR_GRANT: Final = "grant"
ATTR_LABEL: Final = "label"
ATTR_MEANS: Final = "means"
ATTR_PERSON: Final = "person"
ATTR_REASON: Final = "reason"
ATTR_ROLE: Final = "role"
ATTR_USES: Final = "uses"
ATTR_VALID_FROM: Final = "valid_from"
ATTR_VALID_TO: Final = "valid_to"
ATTR_WINDOWS: Final = "windows"
CONF_DOOR: Final = "door"
CONF_DRILL: Final = "drill"
CONF_EVENTS: Final = "events"
CONF_MODE: Final = "mode"
ATTR_PRACTICE: Final = "practice"
ATTR_UNTIL: Final = "until"
ATTR_MINUTES: Final = "minutes"
ATTR_FOR_GOOD: Final = "for_good"
ATTR_CURSOR: Final = "cursor"
ATTR_DRAFT: Final = "draft"
ATTR_END: Final = "end"
ATTR_FORMAT: Final = "format"
ATTR_INCIDENT: Final = "incident"
ATTR_LIMIT: Final = "limit"
ATTR_MONTH: Final = "month"
ATTR_START: Final = "start"
ATTR_STATUS: Final = "status"
ATTR_TYPES: Final = "types"
