"""How classes and modalities look; colours hold on light and on dark paper."""

from __future__ import annotations

from typing import Final

SHAPES: Final = {
    "dot": ("Person",),
    "triangleDown": ("Position",),
    "square": (
        "CivilSocietyOrganisation",
        "Firm",
        "InternationalOrganisation",
        "Legislature",
        "MediaOrganisation",
        "Ministry",
        "Organisation",
        "PublicBody",
        "ResearchOrganisation",
    ),
    "diamond": ("Country", "Place"),
    "triangle": ("Decree", "Instrument", "InternationalInstrument", "Law", "PolicyDocument", "Publication"),
    "star": ("Event", "Programme"),
    "hexagon": ("System", "Technology"),
}
COLOURS: Final = {
    "CivilSocietyOrganisation": "#6fa8c9",
    "Country": "#2f9a58",
    "Decree": "#b45fc6",
    "Event": "#d9772b",
    "Firm": "#1495ab",
    "Instrument": "#9a6cc4",
    "InternationalInstrument": "#c476b8",
    "InternationalOrganisation": "#6b68cf",
    "Law": "#8a48b0",
    "Legislature": "#5b8ae6",
    "MediaOrganisation": "#66849a",
    "Ministry": "#2b61c4",
    "Organisation": "#4a86b8",
    "Person": "#d4475e",
    "Place": "#7eb04f",
    "PolicyDocument": "#a578d8",
    "Position": "#e08a1e",
    "Programme": "#c29a1c",
    "PublicBody": "#3f78dc",
    "Publication": "#b0825c",
    "ResearchOrganisation": "#46a2dc",
    "System": "#0f9c88",
    "Technology": "#54b3a0",
}
OTHER_COLOUR, OTHER_SHAPE = "#8a8f98", "dot"
DASHES: Final[dict[str, list[int] | bool]] = {"Planned": [9, 6], "Reported": [2, 5], "Negated": [4, 4]}


def shape_of(cls: str) -> str:
    """The shape of a class's family."""
    return next((shape for shape, classes in SHAPES.items() if cls in classes), OTHER_SHAPE)


def colour_of(cls: str) -> str:
    """The class's own colour; families share a hue."""
    return COLOURS.get(cls, OTHER_COLOUR)
