"""The colours of a drawing: a tinted ground for each material, three tones for one light, and the ink of its lines."""

from typing import NamedTuple

from marketplace.web.drawings.projection import Space


class Palette(NamedTuple):
    """Five colours as #RRGGBB: the paper, the faces upwards, to the lower left and to the lower right, and the ink."""

    ground: str
    top: str
    left: str
    right: str
    line: str


PALETTES = {
    "wood": Palette("#F1E5D0", "#FCF5E6", "#EBD6B0", "#DBBF90", "#4A3719"),
    "oak": Palette("#EFE2CC", "#EBD3A6", "#D6B37C", "#BF9860", "#44300F"),
    "azobe": Palette("#EBDCCF", "#E6C5AA", "#C89270", "#B57D59", "#3F2112"),
    "board": Palette("#EFE6D6", "#F1E1C3", "#DCC496", "#C9AC78", "#46351A"),
    "door": Palette("#E1EBE0", "#FFFFFF", "#FCFAF4", "#CFD8CB", "#1F3A2C"),
    "fire": Palette("#F4E3DB", "#FFFFFF", "#F6EDE6", "#D9C5BA", "#4A2016"),
    "front_door": Palette("#E1EBE0", "#4E8A6C", "#2F6B50", "#24543F", "#12291F"),
    "window": Palette("#DCEAE8", "#FFFFFF", "#FBFBF8", "#CBD9D6", "#1B3A3A"),
    "alu": Palette("#DFE8EA", "#F1F5F6", "#C9D4D8", "#AEBDC3", "#22343A"),
    "anthracite": Palette("#DEE5E8", "#7B888E", "#566369", "#465258", "#182125"),
    "glass": Palette("#DCECEA", "#EEF8F6", "#CBE5E1", "#A9D0CA", "#1A4341"),
    "concrete": Palette("#E2E6E2", "#F8F9F6", "#D5DBD6", "#C6CDC8", "#26322C"),
    "concrete_warm": Palette("#E9E6DF", "#EFECE4", "#D3CEC3", "#BFB9AD", "#37332A"),
    "concrete_dark": Palette("#E0E2E3", "#8C9193", "#6D7375", "#5B6163", "#1D2224"),
    "stone": Palette("#E2E4E7", "#C9CED4", "#A5ACB5", "#8F97A1", "#272C33"),
    "slate": Palette("#E1E4E9", "#7C8794", "#626D7A", "#535D69", "#1C222A"),
    "tile": Palette("#F4DFD4", "#EBB093", "#DB8E6A", "#C8764F", "#4B1F10"),
    "tile_old": Palette("#F2DDD0", "#DD9B7B", "#C37653", "#AC6040", "#43190C"),
    "brick": Palette("#F2E1D3", "#E2AE90", "#CE8C6B", "#B97553", "#471F12"),
    "brick_yellow": Palette("#F4EBD3", "#EBD39A", "#D8B873", "#C4A25B", "#45360F"),
    "brick_dark": Palette("#EFDDD4", "#CB8B74", "#AE6A53", "#975741", "#3A160D"),
    "chalk": Palette("#E9EAE6", "#FFFFFF", "#ECEDE8", "#D8DAD3", "#2E332D"),
    "gypsum": Palette("#E4EBEE", "#FDFEFE", "#E3EAED", "#CDD8DD", "#24353D"),
    "paving": Palette("#EAE1DA", "#D3B5A5", "#B8917E", "#A67D6A", "#40281C"),
    "paving_grey": Palette("#E3E5E3", "#D2D6D3", "#ABB1AD", "#979E99", "#29302C"),
    "steel": Palette("#DDE6ED", "#F3F7FA", "#BCCCD8", "#A1B5C4", "#1C3142"),
    "rust": Palette("#F0E2D8", "#D9A582", "#B97C57", "#A06843", "#42200F"),
    "copper": Palette("#F5E4D8", "#F2BC97", "#DB936A", "#C37A52", "#4D230F"),
    "iron": Palette("#E1E3E6", "#6B7178", "#4E545B", "#40464C", "#15181B"),
    "zinc": Palette("#E0E6EA", "#E6EBEE", "#BDC8CE", "#A3B0B8", "#26333B"),
    "galvanised": Palette("#DFE8E2", "#F3F7F4", "#C6D2CA", "#ABBAB0", "#22352A"),
    "asphalt": Palette("#DDDBD4", "#62665F", "#474B47", "#393D3A", "#141816"),
    "tar": Palette("#DCDAD8", "#4B4A4C", "#353437", "#29282B", "#0E0D0F"),
    "rubber": Palette("#E2E2DF", "#5C605F", "#434746", "#353938", "#121514"),
    "mixed": Palette("#ECE2D8", "#C9B5A3", "#AE9684", "#977E6C", "#3A291D"),
    "gravel": Palette("#EBE7DD", "#DCD5C6", "#BFB6A3", "#A79D89", "#3B3427"),
    "sand": Palette("#F5ECD6", "#F2DFB1", "#E2C98F", "#CFB374", "#57431A"),
    "soil": Palette("#E9E0D4", "#8C6F52", "#6F553C", "#5B4430", "#26190D"),
    "glasswool": Palette("#F8ECC6", "#FFFAE6", "#F8E3A0", "#EDD07A", "#4C3B08"),
    "stonewool": Palette("#ECE8D8", "#E6E0C4", "#CFC7A2", "#BAB18A", "#3C3719"),
    "eps": Palette("#E6ECEF", "#FFFFFF", "#F1F5F6", "#DEE5E8", "#2B3940"),
    "xps": Palette("#DDE9F0", "#D6EAF5", "#A9D0E6", "#8BBAD5", "#173A50"),
    "pir": Palette("#F6EBD2", "#EFF1F0", "#F3D999", "#E4C273", "#4A3610"),
    "woodfibre": Palette("#EFE2D2", "#D9B58B", "#C0976A", "#A98055", "#3F2810"),
    "cellular": Palette("#DEDFE0", "#6A6D70", "#4D5053", "#3F4245", "#131415"),
    "radiator": Palette("#ECE9E0", "#FFFFFF", "#FAF8F3", "#D9D5C9", "#33372F"),
    "sanitary": Palette("#E1EAEC", "#FFFFFF", "#F3F7F8", "#D3DEE1", "#20363C"),
    "appliance": Palette("#E8EAE4", "#FFFFFF", "#F7F8F4", "#D8DCD2", "#2C332B"),
    "cable": Palette("#F3E5DA", "#5B5F61", "#43474A", "#35393B", "#1B1512"),
    "pv": Palette("#DDE5EE", "#3C5D86", "#2D4A6E", "#223A58", "#0E1C2E"),
    "laminate": Palette("#E8E6EC", "#8CA3A0", "#6B8683", "#57716E", "#1D2C2B"),
    "carpet": Palette("#E5E3EA", "#8C8BA0", "#6F6E85", "#5C5B71", "#211F2E"),
    "linoleum": Palette("#EAE7DA", "#A9B58C", "#8A986B", "#738056", "#2A301A"),
    "cabin": Palette("#E2EAE6", "#F5F6F1", "#E6EBE4", "#C6D1C8", "#1F362B"),
    "pvc": Palette("#EBE5E0", "#C9B8AA", "#A8968A", "#938176", "#362A23"),
    "sign": Palette("#E2E8EE", "#FFFFFF", "#2E6CA8", "#A9B7C3", "#182A3A"),
}

GLASS = "#BEDCDA"
DARK = "#3B4640"
BEARER = PALETTES["wood"]._replace(top="#EBD6B0", left="#DBBF90", right="#CDAE7C")


def mix(first: str, second: str, share: float) -> str:
    """This will return the colour that lies `share` (0 to 1) of the way from the first to the second."""
    channels = (
        round(a + (b - a) * share) for a, b in zip(bytes.fromhex(first[1:]), bytes.fromhex(second[1:]), strict=True)
    )
    return "#" + "".join(f"{channel:02X}" for channel in channels)


def shade(palette: Palette, normal: Space) -> str:
    """This will return the tone of a face by its outward normal, between the three tones of the palette."""
    x, y, z = (max(part, 0.0) ** 2 for part in normal)
    total = x + y + z or 1.0
    upright = mix(palette.left, palette.right, x / (x + y)) if x + y else palette.left
    return mix(upright, palette.top, z / total)
