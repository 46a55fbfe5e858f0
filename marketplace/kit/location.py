"""Where a thing lies: what a person states of it, and the columns that keep it."""

from dataclasses import dataclass

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.places import Point, to_grid


@dataclass(frozen=True, slots=True)
class Site:
    """Hold where something lies: a place by name, its position in degrees (WGS84) and perhaps an address."""

    place: str
    latitude: float
    longitude: float
    address: str = ""


class Located:
    """Give a model a place, an address and its position, also on a grid in km that both databases can measure."""

    place: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(160), default="")
    latitude: Mapped[float]
    longitude: Mapped[float]
    x_km: Mapped[float]
    y_km: Mapped[float]

    def put_at(self, *, place: str, latitude: float, longitude: float, address: str = "") -> None:
        """Set the place, the address and the position in degrees (WGS84)."""
        self.place, self.address, self.latitude, self.longitude = place, address, latitude, longitude
        point = to_grid(latitude, longitude)
        self.x_km, self.y_km = point.x_km, point.y_km

    @property
    def point(self) -> Point:
        return Point(self.x_km, self.y_km)
