"""What grades and stages are called on a page, each with a line that says what it means."""

from marketplace.kit.errors import N_
from marketplace.listings.models import ShortHarvest, Stage
from marketplace.projects.models import Grade

GRADE_NAMES = {
    Grade.A: N_("A · als nieuw"),
    Grade.B: N_("B · goed"),
    Grade.C: N_("C · bruikbaar"),
    Grade.D: N_("D · herstel nodig"),
}

GRADE_HINTS = {
    Grade.A: N_("Geen zichtbare schade, meteen toe te passen"),
    Grade.B: N_("Gebruikssporen, meteen toe te passen"),
    Grade.C: N_("Zichtbare schade, doet nog wat het moet"),
    Grade.D: N_("Eerst repareren of inkorten"),
}

STAGE_NAMES = {
    Stage.IN_STOCK: N_("Het ligt klaar"),
    Stage.EXPECTED: N_("Het zit nog in het gebouw of in de weg"),
}

SHORT_HARVEST_NAMES = {
    ShortHarvest.FIRST_COME: N_("Wie het eerst komt"),
    ShortHarvest.PROPORTIONAL: N_("Naar verhouding, in hele stuks"),
}

SHORT_HARVEST_HINTS = {
    ShortHarvest.FIRST_COME: N_("De eerste optie krijgt alles, de volgende wat er dan nog is"),
    ShortHarvest.PROPORTIONAL: N_("Iedere optie krijgt hetzelfde deel van wat er is geoogst"),
}
