# At run time Home Assistant serves probatio under the name voluptuous; types must agree.
from probatio import *  # noqa: F403
from probatio import Schema as Schema
from probatio.markers import UNDEFINED as UNDEFINED
