"""Which figure draws which category, and in which palette."""

from collections.abc import Callable
from functools import partial

from marketplace.web.drawings.figures import (
    bulk,
    concrete,
    infra,
    interior,
    masonry,
    openings,
    roofing,
    services,
    steel,
    timber,
)
from marketplace.web.drawings.scene import Scene

Figure = Callable[[Scene], None]
Entry = tuple[str, Figure]

MASONRY: dict[str, Entry] = {
    "brick_waal": ("brick", masonry.bricks),
    "brick_vecht": ("brick", partial(masonry.bricks, size=(4.2, 2.0, 0.85), courses=(5, 5, 5, 5, 4, 4, 3))),
    "brick_dik": ("brick_dark", partial(masonry.bricks, size=(4.2, 2.0, 1.35), courses=(5, 5, 4, 4, 3))),
    "brick_ijssel": ("brick_yellow", partial(masonry.bricks, size=(3.4, 1.7, 0.9), courses=(6, 6, 5, 5, 4, 3))),
    "brick_klooster": ("brick_dark", partial(masonry.bricks, size=(5.6, 2.7, 1.7), courses=(4, 4, 3, 2))),
    "kzs_block": ("chalk", masonry.blocks),
    "aac_block": ("chalk", partial(masonry.blocks, size=(6.0, 2.4, 2.6), pores=38, groove=False)),
    "gypsum_block": ("gypsum", partial(masonry.blocks, size=(6.4, 1.5, 4.6), courses=(4, 3))),
    "concrete_block": ("concrete", masonry.stacking_blocks),
    "nat_stone_sill": ("stone", masonry.sills),
}

PAVING: dict[str, Entry] = {
    "brick_clinker_paving": ("paving", masonry.herringbone),
    "concrete_paver": ("paving_grey", masonry.herringbone),
    "concrete_tile": ("paving_grey", partial(masonry.laid_tiles, thick=0.9, mark="aggregate")),
    "stelcon": ("concrete", masonry.plates),
    "kerb": ("concrete_warm", masonry.kerbs),
    "natural_kerb": ("stone", masonry.kerbs),
    "natural_cobble": ("stone", masonry.setts),
    "grass_paver": ("concrete_warm", masonry.grass_pavers),
}

ROOFING: dict[str, Entry] = {
    "roof_tile_clay_vh": ("tile", roofing.tiles),
    "roof_tile_clay_oh": ("tile_old", partial(roofing.tiles, bold=0.85, across=5)),
    "roof_tile_concrete": ("concrete_dark", partial(roofing.tiles, bold=0.5, double=True, across=5)),
    "roof_slate": ("slate", roofing.slates),
    "roof_corrugated_fc": ("concrete_warm", partial(steel.profiled_sheet, wave="sine")),
    "roof_steel_sheet": ("steel", steel.profiled_sheet),
    "sandwich_panel_pir": ("pir", roofing.sandwich_panel),
    "bitumen_roof": ("rubber", partial(roofing.rolls, marks=True)),
    "epdm_roof": ("rubber", roofing.rolls),
    "roof_gravel": ("gravel", partial(bulk.stones, corners=(8, 9), size=(0.8, 1.3), count=300)),
    "roof_window": ("window", openings.roof_window),
    "roof_dome": ("glass", roofing.dome),
    "gutter_zinc": ("zinc", roofing.gutter),
    "rainpipe_zinc": ("zinc", partial(steel.pipes, radius=1.5, rows=(4, 3), bracket=True)),
    "lead_flashing": ("zinc", partial(roofing.rolls, count=1)),
}

CONCRETE: dict[str, Entry] = {
    "hollowcore_slab": ("concrete", concrete.hollow_core),
    "wide_slab": ("concrete", concrete.wide_slab),
    "solid_slab": ("concrete", concrete.solid_slab),
    "rib_floor": ("concrete_warm", partial(concrete.ribbed_slab, ribs=2.2, feet=1.6)),
    "tt_slab": ("concrete", partial(concrete.ribbed_slab, ribs=5.4)),
    "precast_wall": ("concrete", concrete.wall),
    "precast_facade": ("concrete_warm", partial(concrete.wall, window=True)),
    "precast_column": ("concrete", partial(concrete.members, corbel=True)),
    "precast_beam": ("concrete", concrete.members),
    "bridge_girder": ("concrete", concrete.bridge_girder),
    "concrete_stairs": ("concrete", concrete.stairs),
    "balcony": ("concrete_warm", concrete.balcony),
    "foundation_pile": ("concrete", concrete.piles),
}

METAL: dict[str, Entry] = {
    "steel_ipe": ("steel", partial(steel.i_sections, breadth=3.6, height=7.0, flange=0.5)),
    "steel_hea": ("steel", steel.i_sections),
    "steel_heb": ("steel", partial(steel.i_sections, breadth=6.2, height=6.2, flange=0.95)),
    "steel_unp": ("steel", steel.channels),
    "steel_hollow": ("steel", steel.hollow_sections),
    "steel_angle": ("steel", steel.angles),
    "steel_lintel": ("galvanised", partial(steel.angles, count=2, size=5.4)),
    "steel_truss": ("steel", steel.truss),
    "steel_hall": ("steel", steel.hall),
    "sheet_pile_steel": ("rust", steel.sheet_piles),
    "rebar": ("rust", steel.rebar),
    "steel_stairs": ("steel", steel.stairs),
    "balustrade": ("steel", steel.rails),
    "aluminium_profile": ("alu", steel.aluminium),
    "copper_pipe": ("copper", partial(steel.pipes, radius=0.8, rows=(6, 5, 4, 3))),
    "cast_iron": ("iron", steel.cast_columns),
}

TIMBER: dict[str, Entry] = {
    "timber_joist": ("wood", timber.beams),
    "timber_oak_beam": ("oak", partial(timber.beams, square=True)),
    "timber_stud": ("wood", timber.studs),
    "timber_truss": ("wood", timber.truss),
    "glulam": ("wood", timber.glulam),
    "clt": ("wood", timber.cross_laminated),
    "azobe_beam": ("azobe", partial(timber.beams, square=True)),
    "azobe_plank": ("azobe", partial(timber.boards, size=(3.4, 0.95))),
    "floorboard": ("wood", timber.floorboards),
    "parquet": ("oak", partial(masonry.herringbone, thick=0.28, grain_lines=True)),
    "sleeper": ("azobe", timber.sleepers),
    "plywood": ("board", timber.sheets),
    "osb": ("board", partial(timber.sheets, pattern="strands")),
    "chipboard": ("board", partial(timber.sheets, pattern="chips")),
    "timber_cladding": ("azobe", timber.cladding),
    "timber_stairs": ("oak", timber.stairs),
}

OPENINGS: dict[str, Entry] = {
    "window_frame_wood": ("window", openings.window),
    "window_pvc": ("chalk", partial(openings.window, bar=1.35, sill=False)),
    "window_alu": ("anthracite", partial(openings.window, bar=0.7, sill=False)),
    "curtain_wall": ("alu", openings.curtain_wall),
    "glass_single": ("glass", partial(openings.glass, panes=1)),
    "glass_double": ("glass", openings.glass),
    "glass_triple": ("glass", partial(openings.glass, panes=3)),
    "glass_partition": ("anthracite", openings.partition),
    "door_interior": ("door", openings.doors),
    "door_fire": ("fire", partial(openings.doors, look="fire")),
    "door_exterior": ("front_door", partial(openings.doors, look="front", count=3)),
    "door_steel": ("steel", partial(openings.doors, look="steel", count=3)),
    "overhead_door": ("alu", openings.overhead_door),
    "door_frame_steel": ("steel", openings.frame),
    "door_hardware": ("zinc", openings.hardware),
    "stained_glass": ("glass", openings.stained_glass),
}

INTERIOR: dict[str, Entry] = {
    "plasterboard": ("gypsum", partial(timber.sheets, pattern="gypsum", count=9, thick=0.5)),
    "gypsum_fibre": ("chalk", partial(timber.sheets, pattern="chips", count=8)),
    "metal_stud": ("galvanised", steel.studs),
    "system_wall": ("appliance", interior.system_wall),
    "ceiling_tile": ("chalk", interior.ceiling),
    "ceiling_grid": ("alu", partial(interior.ceiling, tiles=False)),
    "raised_floor": ("stone", interior.raised_floor),
    "carpet_tile": ("carpet", partial(masonry.laid_tiles, mark="pile", thick=0.35)),
    "linoleum": ("linoleum", partial(roofing.rolls, count=3)),
    "ceramic_tile": ("tile", partial(masonry.laid_tiles, mark="shine", size=3.2, columns=6, rows=4)),
    "nat_stone_floor": ("stone", partial(masonry.laid_tiles, mark="vein", thick=0.7)),
}

FITTINGS: dict[str, Entry] = {
    "kitchen": ("cabin", interior.kitchen),
    "toilet": ("sanitary", interior.toilet),
    "washbasin": ("sanitary", interior.washbasin),
    "bath_shower": ("sanitary", interior.bath),
    "office_furniture": ("appliance", interior.furniture),
}

SERVICES: dict[str, Entry] = {
    "radiator": ("radiator", services.radiator),
    "radiator_cast": ("radiator", services.cast_radiator),
    "boiler": ("appliance", services.boiler),
    "heat_pump": ("appliance", services.heat_pump),
    "ahu": ("galvanised", services.air_handler),
    "duct": ("zinc", services.duct),
    "cable_tray": ("galvanised", services.cable_tray),
    "cable": ("cable", services.cable_drum),
    "luminaire": ("appliance", services.luminaire),
    "switchgear": ("alu", services.switchgear),
    "pv_panel": ("pv", services.pv_panels),
    "lift": ("alu", interior.lift_cabin),
    "fire_extinguisher": ("fire", services.hose_reel),
}

INSULATION: dict[str, Entry] = {
    "ins_glasswool": ("glasswool", roofing.insulated_boards),
    "ins_stonewool": ("stonewool", roofing.insulated_boards),
    "ins_stonewool_roof": ("stonewool", partial(roofing.insulated_boards, mark="layers", count=3, thick=3.2)),
    "ins_eps": ("eps", partial(roofing.insulated_boards, mark="beads", count=3, thick=3.2)),
    "ins_xps": ("xps", partial(roofing.insulated_boards, mark="layers")),
    "ins_pir": ("pir", partial(roofing.insulated_boards, mark="foil", count=5, thick=2.0)),
    "ins_woodfibre": ("woodfibre", roofing.insulated_boards),
    "ins_cellularglass": ("cellular", partial(roofing.insulated_boards, mark="cells", count=3, thick=3.0)),
}

SKIN: dict[str, Entry] = {
    "facade_hpl": ("laminate", partial(timber.sheets, pattern="plain", count=8, thick=0.4)),
    "facade_fibrecement": ("concrete_warm", partial(timber.sheets, pattern="chips", count=8, thick=0.45)),
    "facade_alu_panel": ("alu", roofing.cassettes),
    "facade_steel": ("anthracite", steel.profiled_sheet),
}

BULK: dict[str, Entry] = {
    "asphalt_granulate": ("asphalt", partial(bulk.stones, mixed=("#7E7B6D",))),
    "asphalt_tar": ("tar", partial(bulk.stones, core=True)),
    "mixed_granulate": ("mixed", partial(bulk.stones, mixed=("#C8764F", "#B5B6AC", "#D8DAD3"))),
    "concrete_granulate": ("concrete", partial(bulk.stones, mixed=("#B5B9B5",))),
    "concrete_rubble": ("concrete", bulk.rubble),
    "sand": ("sand", bulk.fine_heap),
    "soil": ("soil", partial(bulk.fine_heap, clods=70, grains=60)),
}

INFRA: dict[str, Entry] = {
    "street_light": ("galvanised", infra.lamp_posts),
    "guardrail": ("galvanised", steel.guardrail),
    "concrete_barrier": ("concrete", concrete.barrier),
    "sewer_pipe": ("concrete", concrete.sewer_pipes),
    "pvc_pipe": ("pvc", partial(steel.pipes, radius=1.7, rows=(4, 3, 2))),
    "box_culvert": ("concrete", concrete.culvert),
    "traffic_sign": ("sign", infra.signs),
    "fence": ("galvanised", partial(steel.rails, mesh=True)),
    "site_cabin": ("cabin", infra.cabins),
}

CATEGORIES: dict[str, Entry] = {
    **MASONRY,
    **PAVING,
    **ROOFING,
    **CONCRETE,
    **METAL,
    **TIMBER,
    **OPENINGS,
    **INTERIOR,
    **FITTINGS,
    **SERVICES,
    **INSULATION,
    **SKIN,
    **BULK,
    **INFRA,
}

GROUPS: dict[str, str] = {
    "masonry": "brick_waal",
    "paving": "brick_clinker_paving",
    "roofing": "roof_tile_clay_vh",
    "concrete_struct": "hollowcore_slab",
    "metal": "steel_hea",
    "timber": "timber_joist",
    "openings": "door_interior",
    "interior": "ceiling_tile",
    "fittings": "kitchen",
    "services": "radiator",
    "infra": "sewer_pipe",
    "insulation": "ins_glasswool",
    "skin": "facade_alu_panel",
    "bulk": "asphalt_granulate",
    "temporary": "site_cabin",
}

STILL_IN_PLACE: dict[str, Entry] = {
    "asphalt_granulate": ("asphalt", bulk.layers),
    "asphalt_tar": ("tar", bulk.layers),
}

UNKNOWN: Entry = ("board", interior.crate)
