"""A real broker, and somebody who speaks MQTT 3.1.1 to it as a gateway does."""

from .broker import MqttBroker
from .peer import MqttPeer

__all__ = ["MqttBroker", "MqttPeer"]
