"""Draw the demo site's illustrations: overlapping inks on grained paper, always the same pixels."""

import math
import random
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour: TypeAlias = tuple[int, int, int]
Point: TypeAlias = tuple[float, float]
Scene: TypeAlias = Callable[[random.Random], list["Plate"]]

DEMO = Path(__file__).resolve().parent.parent / "verso" / "demo"
WIDTH, HEIGHT = 1200, 750
SCALE = 2
MAX_BYTES = 58_000
SOLID, CLEAR = 255, 0

PAPER: Colour = (248, 242, 230)
CORAL: Colour = (240, 96, 77)
TEAL: Colour = (24, 134, 142)
MUSTARD: Colour = (247, 190, 62)
NAVY: Colour = (40, 52, 98)


class Plate:
    """One ink: a grey mask whose middle tones print as dots, or as thin ink without an angle."""

    def __init__(self, ink: Colour, angle: float | None, shift: Point = (0, 0)) -> None:
        self.ink = ink
        self.angle = angle
        self.shift = shift
        self.mask = Image.new("L", (WIDTH * SCALE, HEIGHT * SCALE), CLEAR)
        self._draw = ImageDraw.Draw(self.mask)

    def poly(self, points: Sequence[Point], tone: int = SOLID) -> None:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=tone)

    def rect(self, x0: float, y0: float, x1: float, y1: float, tone: int = SOLID) -> None:
        self.poly([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], tone)

    def round_rect(self, box: tuple[float, float, float, float], radius: float, tone: int) -> None:
        x0, y0, x1, y1 = (value * SCALE for value in box)
        self._draw.rounded_rectangle((x0, y0, x1, y1), radius * SCALE, fill=tone)

    def circle(self, x: float, y: float, radius: float, tone: int = SOLID) -> None:
        self.ellipse(x, y, radius, radius, tone)

    def ellipse(self, x: float, y: float, rx: float, ry: float, tone: int = SOLID) -> None:
        box = ((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE)
        self._draw.ellipse(box, fill=tone)

    def ring(self, x: float, y: float, radius: float, width: float, tone: int = SOLID) -> None:
        self.arc(x, y, radius, (0, 360), width, tone)

    def arc(
        self,
        x: float,
        y: float,
        radius: float,
        degrees: tuple[float, float],
        width: float,
        tone: int = SOLID,
    ) -> None:
        outer = radius + width / 2
        box = ((x - outer) * SCALE, (y - outer) * SCALE, (x + outer) * SCALE, (y + outer) * SCALE)
        self._draw.arc(box, *degrees, fill=tone, width=round(width * SCALE))

    def pie(
        self, x: float, y: float, radius: float, degrees: tuple[float, float], tone: int = SOLID
    ) -> None:
        box = (
            (x - radius) * SCALE,
            (y - radius) * SCALE,
            (x + radius) * SCALE,
            (y + radius) * SCALE,
        )
        self._draw.pieslice(box, *degrees, fill=tone)

    def line(self, points: Sequence[Point], width: float, tone: int = SOLID) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, fill=tone, width=round(width * SCALE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.circle(x, y, width / 2, tone)

    def fade(self, shape: Sequence[Point], top: int, bottom: int) -> None:
        """Fill a polygon with a vertical gradient, which prints as dots of growing size."""
        stencil = Image.new("L", self.mask.size, CLEAR)
        scaled = [(x * SCALE, y * SCALE) for x, y in shape]
        ImageDraw.Draw(stencil).polygon(scaled, fill=SOLID)
        box = stencil.getbbox()
        if box is None:
            return
        size = (box[2] - box[0], box[3] - box[1])
        ramp = Image.linear_gradient("L").resize(size)
        ramp = ramp.point([round(top + (bottom - top) * step / 255) for step in range(256)])
        self.mask.paste(ramp, box, stencil.crop(box))


def wave(y: float, height: float, length: float, phase: float = 0) -> list[Point]:
    """The upper edge of a strip of water, from the left margin to the right one."""
    return [
        (x, y + height * math.sin(2 * math.pi * (x / length + phase)))
        for x in range(-20, WIDTH + 21, 8)
    ]


def band(upper: Sequence[Point], lower: Sequence[Point]) -> list[Point]:
    return [*upper, *reversed(lower)]


def curve(start: Point, bend: Point, end: Point, steps: int = 40) -> list[Point]:
    """A quadratic curve as points."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        x = a * start[0] + b * bend[0] + c * end[0]
        y = a * start[1] + b * bend[1] + c * end[1]
        points.append((x, y))
    return points


def turned(points: Sequence[Point], centre: Point, degrees: float) -> list[Point]:
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    return [
        (
            centre[0] + (x - centre[0]) * cosine - (y - centre[1]) * sine,
            centre[1] + (x - centre[0]) * sine + (y - centre[1]) * cosine,
        )
        for x, y in points
    ]


def box_points(x0: float, y0: float, x1: float, y1: float) -> list[Point]:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def leaf(centre: Point, length: float, breadth: float, degrees: float) -> list[Point]:
    x, y = centre
    one = curve((x - length / 2, y), (x, y - breadth), (x + length / 2, y))
    two = curve((x + length / 2, y), (x, y + breadth), (x - length / 2, y))
    return turned([*one, *two], centre, degrees)


def diamond(x: float, y: float, size: float) -> list[Point]:
    return [(x - size, y), (x, y - size), (x + size, y), (x, y + size)]


def water(plate: Plate, top: float, tones: Sequence[int], step: float = 42) -> None:
    """Strips of water down to the foot of the sheet, one tone each."""
    for index, tone in enumerate(tones):
        upper = wave(top + index * step, 7 + index, 300 + index * 40, index * 0.31)
        plate.poly(band(upper, wave(HEIGHT + 40, 0, 300)), tone)


def book(plate: Plate, x: float, base: float, size: Point, lean: float = 0) -> None:
    """A spine that stands on `base`, with two clear bands across it."""
    width, height = size
    corner = (x, base)
    plate.poly(turned(box_points(x, base - height, x + width, base), corner, lean))
    for share in (0.16, 0.8):
        y = base - height * (1 - share)
        strip = box_points(x, y, x + width, y + 7)
        plate.poly(turned(strip, corner, lean), CLEAR)


def shelf_of_books(
    plates: Sequence[Plate], rng: random.Random, base: float, span: Point, tallest: float
) -> None:
    x, end = span
    while x < end - 30:
        width = min(rng.choice((26.0, 34.0, 42.0, 56.0)), end - x)
        height = tallest * rng.uniform(0.62, 1)
        book(rng.choice(plates), x, base, (width, height))
        if rng.random() < 0.3:
            book(rng.choice(plates), x, base, (width, height * 0.7))
        x += width + rng.choice((3, 3, 3, 14))


def river_house(_rng: random.Random) -> list[Plate]:
    sun, river, ink = Plate(MUSTARD, 15), Plate(TEAL, None, (3, -2)), Plate(CORAL, 75, (-3, 2))
    sun.circle(820, 300, 215)
    sun.poly(band(wave(560, 8, 260), wave(600, 8, 300, 0.3)))
    river.poly(
        [
            (-20, 430),
            (180, 350),
            (420, 400),
            (700, 360),
            (980, 405),
            (1220, 350),
            (1220, 500),
            (-20, 500),
        ],
        105,
    )
    river.rect(120, 250, 440, 505, CLEAR)
    water(river, 480, (150, 190, 225, 255, 255), 56)
    ink.fade(band(wave(500, 6, 220), wave(640, 8, 240)), 130, 10)
    draw_house(ink, river)
    river.line(curve((500, 250), (760, 390), (1210, 200)), 4)
    river.line([(500, 240), (500, 500)], 9)
    river.line([(760, 306), (760, 470)], 4)
    ink.poly([(610, 470), (910, 470), (880, 520), (640, 520)])
    river.poly([(610, 470), (910, 470), (905, 482), (615, 482)])
    ink.rect(700, 415, 820, 470)
    for x in (716, 756, 796):
        ink.rect(x - 9, 430, x + 9, 452, CLEAR)
    return [sun, river, ink]


def draw_house(walls: Plate, roof: Plate) -> None:
    walls.rect(120, 250, 440, 505)
    roof.poly([(85, 262), (175, 130), (385, 130), (475, 262)])
    roof.rect(350, 92, 384, 160)
    for y in (285, 385):
        for x in (152, 232, 312, 378):
            if (x, y) == (232, 385):
                continue
            walls.rect(x, y, x + 40, y + 62, CLEAR)
            roof.rect(x, y, x + 40, y + 62, CLEAR)
            roof.rect(x + 18, y, x + 22, y + 62)
    walls.rect(228, 385, 282, 505, CLEAR)
    roof.pie(255, 385, 27, (180, 360))
    roof.rect(228, 385, 282, 505)


def type_case(rng: random.Random) -> list[Plate]:
    wood, sorts, ink = Plate(MUSTARD, None), Plate(CORAL, 75, (4, 2)), Plate(NAVY, 45, (-2, -3))
    wood.round_rect((70, 60, 1130, 690), 14, SOLID)
    columns = (90, 230, 330, 430, 600, 700, 800, 970, 1110)
    rows = (80, 200, 290, 420, 550, 670)
    for left, right in pairwise(columns):
        for top, bottom in pairwise(rows):
            wood.rect(left + 5, top + 5, right - 5, bottom - 5, 60)
            fill_box(rng, sorts, ink, (left + 5, top + 5, right - 5, bottom - 5))
    return [wood, sorts, ink]


def fill_box(
    rng: random.Random, sorts: Plate, ink: Plate, box: tuple[float, float, float, float]
) -> None:
    x0, y0, x1, y1 = box
    plate, other = (sorts, ink) if rng.random() < 0.55 else (ink, sorts)
    radius = min(x1 - x0, y1 - y0) / 2 - 10
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    kind = rng.randrange(7)
    if kind == 0:
        plate.circle(x, y, radius)
        other.pie(x, y, radius, (90, 270))
    elif kind == 1:
        plate.pie(x - radius, y + radius, radius * 2, (270, 360))
        other.circle(x - radius / 2, y + radius / 2, radius / 3)
    elif kind == 2:
        plate.poly([(x - radius, y + radius), (x, y - radius), (x + radius, y + radius)])
    elif kind == 3:
        for step in range(4):
            left = x - radius + step * radius / 2
            plate.rect(left, y - radius, left + radius / 3.4, y + radius)
    elif kind == 4:
        plate.ring(x, y, radius - 8, 18)
        other.circle(x, y, radius / 3)
    elif kind == 5:
        plate.poly(diamond(x, y, radius))
        other.poly(diamond(x, y, radius / 2))
    else:
        plate.pie(x, y - radius / 1.1, radius, (0, 180))
        other.pie(x, y + radius / 1.1, radius, (180, 360))


def repair_lamp(_rng: random.Random) -> list[Plate]:
    light, table, ink = Plate(MUSTARD, 15), Plate(TEAL, 45, (3, 3)), Plate(CORAL, 75, (-3, 1))
    cone = [(590, 250), (760, 330), (1010, 610), (330, 610)]
    light.fade(cone, 255, 120)
    light.ellipse(670, 622, 400, 52)
    table.rect(-10, 610, WIDTH + 10, HEIGHT + 10, 205)
    table.poly([(-10, 610), (1210, 610), (1210, 622), (-10, 622)])
    ink.line([(300, 590), (200, 380), (440, 150), (640, 230)], 18)
    for joint in ((200, 380), (440, 150)):
        table.circle(*joint, 26)
        ink.circle(*joint, 9, CLEAR)
    ink.poly(turned(box_points(230, 580, 380, 612), (300, 600), 0))
    shade = [(640, 150), (720, 150), (830, 335), (530, 335)]
    table.poly(turned(shade, (680, 230), 14))
    ink.poly(turned([(655, 150), (705, 150), (735, 200), (625, 200)], (680, 230), 14))
    draw_toaster(ink, table)
    ink.line([(985, 660), (1090, 640)], 10)
    ink.line([(1085, 641), (1150, 628)], 26)
    for x, y in ((300, 670), (350, 690), (395, 662)):
        ink.circle(x, y, 12)
        ink.circle(x, y, 4, CLEAR)
    return [light, table, ink]


def draw_toaster(body: Plate, trim: Plate) -> None:
    body.round_rect((560, 440, 820, 612), 44, SOLID)
    trim.round_rect((600, 470, 780, 560), 26, 120)
    for x in (630, 710):
        body.rect(x, 400, x + 50, 440)
    trim.rect(812, 490, 850, 508)
    for x in (590, 770):
        trim.rect(x, 606, x + 34, 622)
    trim.line(
        curve((560, 590), (470, 560), (480, 650)) + curve((480, 650), (490, 720), (620, 700)), 7
    )


def book_bike(rng: random.Random) -> list[Plate]:
    sun, frame, ink = Plate(MUSTARD, 15), Plate(CORAL, 75, (3, 2)), Plate(NAVY, 45, (-3, -1))
    sun.circle(610, 330, 265)
    sun.rect(-10, 655, WIDTH + 10, HEIGHT + 10, 130)
    draw_wheels(ink, ((290, 540, 128), (985, 572, 96)))
    frame.line([(290, 540), (470, 540), (590, 290), (380, 330), (470, 540)], 16)
    frame.line([(290, 540), (380, 330), (365, 285)], 14)
    frame.line([(590, 290), (650, 590), (985, 572)], 16)
    frame.line([(590, 290), (578, 235), (520, 215)], 14)
    ink.line([(520, 215), (490, 228)], 20)
    ink.poly([(310, 268), (430, 268), (425, 290), (360, 296)])
    ink.ring(470, 540, 34, 10)
    ink.line([(470, 540), (505, 590)], 9)
    ink.line([(485, 593), (528, 588)], 9)
    shelf_of_books((frame, ink, sun), rng, 440, (672, 930), 150)
    frame.poly([(650, 430), (950, 430), (925, 570), (675, 570)])
    ink.poly([(650, 430), (950, 430), (946, 450), (654, 450)])
    ink.circle(800, 510, 36, SOLID)
    frame.pie(800, 510, 36, (90, 270), CLEAR)
    return [sun, frame, ink]


def draw_wheels(plate: Plate, wheels: Sequence[tuple[float, float, float]]) -> None:
    for x, y, radius in wheels:
        plate.ring(x, y, radius - 7, 14)
        for spoke in range(12):
            angle = math.radians(spoke * 30 + 8)
            tip = (x + (radius - 12) * math.cos(angle), y + (radius - 12) * math.sin(angle))
            plate.line([(x, y), tip], 2.2)
        plate.circle(x, y, 13)


def lantern_barge(rng: random.Random) -> list[Plate]:
    glow, river, ink = Plate(MUSTARD, 15), Plate(NAVY, None, (-2, 3)), Plate(CORAL, 75, (3, -2))
    river.fade(box_points(-10, -10, WIDTH + 10, 520), 235, 90)
    knock_moon(river, glow)
    river.rect(-10, 500, WIDTH + 10, HEIGHT + 10, CLEAR)
    water(river, 505, (160, 200, 235, 255, 255), 50)
    ink.poly([(180, 470), (1030, 470), (960, 575), (260, 575)])
    river.poly([(180, 470), (1030, 470), (1022, 488), (192, 488)])
    ink.rect(360, 385, 620, 470)
    for x in (385.0, 445.0, 505.0, 565.0):
        ink.rect(x, 405, x + 34, 445, CLEAR)
        river.rect(x, 405, x + 34, 445, CLEAR)
        glow.rect(x, 405, x + 34, 445)
    for mast in (240, 690, 970):
        river.line([(mast, 180), (mast, 470)], 7)
    hang_lanterns(glow, ink, river)
    for _ in range(26):
        x, y = rng.uniform(150, 1050), rng.uniform(590, 735)
        glow.ellipse(x, y, rng.uniform(18, 60), 4)
        river.ellipse(x, y, 30, 3, CLEAR)
    return [glow, river, ink]


def knock_moon(sky: Plate, glow: Plate) -> None:
    sky.circle(880, 150, 82, CLEAR)
    glow.circle(880, 150, 82)
    sky.circle(915, 130, 70, 200)
    glow.circle(915, 130, 70, CLEAR)


def hang_lanterns(glow: Plate, ink: Plate, sky: Plate) -> None:
    for start, bend, end, count in (
        ((240, 185), (465, 400), (690, 185), 6),
        ((690, 185), (830, 330), (970, 185), 4),
    ):
        rope = curve(start, bend, end)
        sky.line(rope, 3)
        for index in range(count):
            x, y = rope[round((index + 0.5) * 40 / count)]
            sky.circle(x, y + 30, 31, CLEAR)
            glow.circle(x, y + 30, 31)
            (ink if index % 2 else glow).circle(x, y + 30, 25)
            ink.rect(x - 10, y - 3, x + 10, y + 5)


def paper_sheets(_rng: random.Random) -> list[Plate]:
    one, two, ink = Plate(TEAL, 45, (2, 3)), Plate(MUSTARD, 15), Plate(CORAL, 75, (-3, 0))
    two.circle(300, 240, 190)
    lower = [*curve((120, 610), (420, 340), (720, 610)), *curve((720, 470), (420, 200), (120, 470))]
    two.poly(lower)
    one.fade(
        [*curve((190, 520), (470, 180), (790, 500)), *curve((790, 330), (470, 10), (190, 350))],
        90,
        230,
    )
    for offset in range(0, 170, 17):
        ink.line(curve((190, 350 + offset), (470, 10 + offset), (790, 330 + offset)), 2.4)
    ink.poly([(700, 660), (900, 250), (900, 560), (700, 660)])
    one.poly([(900, 250), (1100, 660), (1100, 690), (900, 560)], 150)
    ink.poly([(700, 660), (900, 560), (1100, 690), (1085, 702), (900, 590), (715, 668)])
    for step in range(1, 9):
        x = 900 + step * 22
        one.line([(x, 250 + step * 45), (x, 560 + step * 13)], 2.4)
    two.poly([(640, 690), (1160, 690), (1110, 720), (590, 720)], 170)
    ink.poly(leaf((330, 680), 400, 44, -4))
    return [two, one, ink]


def imposition(_rng: random.Random) -> list[Plate]:
    sheet, ink, mark = Plate(MUSTARD, 15), Plate(TEAL, None, (3, 2)), Plate(CORAL, 75, (-2, -2))
    sheet.poly(turned(box_points(120, 90, 1080, 660), (600, 375), -2))
    for row in range(2):
        for column in range(4):
            x, y = 150 + column * 228, 110 + row * 272
            page = box_points(x, y, x + 214, y + 258)
            ink.poly(turned(page, (600, 375), -2), 70 if (row + column) % 2 else 110)
            draw_page(ink, mark, (x, y), flipped=row == 0, kind=row * 4 + column)
    for x in (371, 599, 827):
        for y in range(60, 690, 30):
            mark.poly(turned(box_points(x, y, x + 4, y + 16), (600, 375), -2))
    for x in range(70, 1130, 30):
        mark.poly(turned(box_points(x, 373, x + 16, 377), (600, 375), -2))
    for x, y in ((80, 60), (1120, 60), (80, 690), (1120, 690)):
        ink.ring(x, y, 16, 4)
        ink.line([(x - 28, y), (x + 28, y)], 3)
        ink.line([(x, y - 28), (x, y + 28)], 3)
    return [sheet, ink, mark]


def draw_page(ink: Plate, mark: Plate, corner: Point, *, flipped: bool, kind: int) -> None:
    x, y = corner
    centre = (x + 107, y + 129)
    angle = 178 if flipped else -2

    def place(points: Sequence[Point]) -> list[Point]:
        return turned(turned(points, centre, angle + 2), (600, 375), -2)

    head = place([(x + 107, y + 70)])[0]
    if kind % 3 == 0:
        mark.circle(*head, 44)
    elif kind % 3 == 1:
        mark.poly(place([(x + 55, y + 112), (x + 107, y + 28), (x + 159, y + 112)]))
    else:
        mark.poly(place(box_points(x + 65, y + 32, x + 149, y + 112)))
    for step in range(5):
        right = x + (182 if step < 4 else 110)
        ink.poly(place(box_points(x + 32, y + 140 + step * 20, right, y + 148 + step * 20)))


def flood_night(rng: random.Random) -> list[Plate]:
    warm, river, ink = Plate(CORAL, 75, (3, 1)), Plate(TEAL, None, (-2, 2)), Plate(NAVY, None)
    ink.rect(120, 60, 1080, 640)
    ink.rect(142, 82, 1058, 618, 40)
    for base in (255, 430, 605):
        shelf_of_books((warm, warm, river), rng, base, (160, 1040), 140)
        ink.rect(130, base, 1070, base + 18)
    for _ in range(70):
        x, y = rng.uniform(-20, WIDTH), rng.uniform(-20, 500)
        length = rng.uniform(24, 60)
        ink.line([(x, y), (x - length * 0.3, y + length)], 2.4)
    water(river, 520, (150, 180, 215, 240, 255), 46)
    ink.poly(band(wave(640, 10, 360, 0.2), wave(665, 10, 330, 0.3)), 120)
    paper_boat(warm, river, ink)
    return [warm, river, ink]


def paper_boat(sail: Plate, river: Plate, hull: Plate) -> None:
    for plate in (sail, river, hull):
        plate.poly([(600, 408), (740, 546), (690, 636), (510, 636), (460, 546)], CLEAR)
    hull.poly([(472, 552), (728, 552), (684, 630), (516, 630)])
    sail.poly([(600, 424), (690, 542), (510, 542)])
    river.poly([(600, 424), (690, 542), (600, 542)], 150)
    river.poly(band(wave(612, 7, 200), wave(HEIGHT + 40, 0, 300)), 235)


def curved_letters(_rng: random.Random) -> list[Plate]:
    ground, ink, dots = Plate(MUSTARD, 15), Plate(NAVY, 45, (-2, 2)), Plate(CORAL, 75, (3, -1))
    ground.circle(600, 375, 330)
    turns = (0, 180, 90, 270, 180, 90, 0, 180)
    for index, turn in enumerate(turns):
        x, y = 204.0 + index % 4 * 264, 240.0 + index // 4 * 270
        dots.round_rect((x - 120, y - 122, x + 120, y + 122), 10, 90 if index % 2 else 45)
        ink.arc(x, y, 72, (turn, turn + 180 + 45 * (index % 3)), 34)
        for count in range(index % 3 + 1):
            offset = (count - index % 3 / 2) * 44
            dots.poly(diamond(x + offset, y, 21))
    return [ground, dots, ink]


def walnuts(rng: random.Random) -> list[Plate]:
    leafs, brown, ink = Plate(TEAL, 45, (2, 2)), Plate(CORAL, 75, (-3, 1)), Plate(NAVY, None)
    sun = Plate(MUSTARD, 15)
    sun.circle(860, 330, 240)
    leafs.line(curve((60, 120), (300, 170), (520, 60)), 8)
    for x, y, turn in (
        (150, 210, 62),
        (270, 80, -35),
        (330, 225, 50),
        (450, 170, 40),
        (430, 40, -50),
        (130, 65, -60),
    ):
        leafs.poly(leaf((x, y), 190, 70, turn), 215)
    for x, y, radius in ((200, 560, 105), (400, 600, 88), (565, 520, 78)):
        draw_walnut(brown, ink, (x, y), radius)
    draw_jar(brown, ink)
    for _ in range(14):
        drop = (rng.uniform(980, 1150), rng.uniform(480, 700))
        ink.circle(*drop, rng.uniform(3, 16))
    leafs.rect(-10, 690, WIDTH + 10, HEIGHT + 10, 120)
    return [sun, leafs, brown, ink]


def draw_walnut(shell: Plate, ink: Plate, centre: Point, radius: float) -> None:
    x, y = centre
    shell.circle(x, y, radius)
    ink.line(curve((x - 6, y - radius), (x + radius * 0.3, y), (x - 6, y + radius)), 6)
    for side in (-1, 1):
        for reach in (0.45, 0.8):
            bend = (x + side * radius * reach * 1.25, y)
            start, end = (x + side * 14, y - radius * 0.8), (x + side * 14, y + radius * 0.8)
            ink.line(curve(start, bend, end), 3.5)


def draw_jar(brown: Plate, ink: Plate) -> None:
    ink.round_rect((730, 270, 990, 690), 46, 70)
    brown.round_rect((730, 430, 990, 690), 46, SOLID)
    ink.round_rect((730, 430, 990, 690), 46, 170)
    ink.round_rect((760, 220, 960, 275), 12, SOLID)
    ink.rect(755, 320, 772, 640, CLEAR)
    brown.rect(755, 440, 772, 640, CLEAR)
    ink.line([(900, 500), (1090, 110)], 12)
    brown.poly(leaf((1100, 92), 150, 40, -64))


def facing_books(rng: random.Random) -> list[Plate]:
    sun, one, two = Plate(MUSTARD, 15), Plate(TEAL, 45, (2, -2)), Plate(CORAL, 75, (-3, 2))
    sun.circle(600, 285, 220)
    for start in (40, 840):
        shelf_of_books((one, two), rng, 250, (start, start + 320), 170)
        one.rect(start - 20, 250, start + 340, 264)
    left = [*curve((600, 330), (430, 250), (180, 330)), *curve((180, 660), (430, 580), (600, 670))]
    right = [
        *curve((600, 330), (770, 250), (1020, 330)),
        *curve((1020, 660), (770, 580), (600, 670)),
    ]
    one.poly(left)
    two.poly(right)
    for step in range(6):
        y = 372 + step * 44
        end = 250 if step % 3 else 320
        one.line(curve((560, y), (430, y - 55), (end, y - 12)), 11, CLEAR)
        end = 950 if step % 3 else 880
        two.line(curve((640, y), (770, y - 55), (end, y - 12)), 11, CLEAR)
    sun.poly([(170, 680), (600, 700), (1030, 680), (1030, 702), (600, 724), (170, 702)])
    one.rect(590, 330, 610, 705)
    two.poly([(640, 300), (690, 288), (690, 200), (665, 220), (640, 200)])
    return [sun, one, two]


def sewn_book(_rng: random.Random) -> list[Plate]:
    ground, one, thread = Plate(MUSTARD, 15), Plate(TEAL, None, (2, 2)), Plate(CORAL, 75, (-2, -2))
    ground.circle(600, 375, 320)
    for tape in (430, 700):
        thread.rect(tape, 90, tape + 70, 640, 130)
    for index in range(7):
        y = 165.0 + index * 68
        one.round_rect((220, y - 30, 980, y + 30), 28, 130 if index % 2 else 215)
        for tape in (430, 700):
            thread.line([(tape - 16, y), (tape + 86, y)], 8)
        for x in (300.0, 900.0):
            thread.line([(x - 26, y), (x + 26, y)], 8)
        if index < 6:
            x = 274.0 if index % 2 else 926.0
            thread.arc(x, y + 34, 34, (90, 270) if index % 2 else (-90, 90), 8)
    thread.line([*curve((926, 573), (1010, 720), (1075, 560)), (1090, 400)], 7)
    one.poly(leaf((1092, 300), 210, 13, 90))
    ground.line([(140, 705), (1060, 705)], 18)
    return [ground, one, thread]


SCENES: dict[str, Scene] = {
    "pages/river-house.webp": river_house,
    "pages/facing-books.webp": facing_books,
    "pages/workshops/sewn-book.webp": sewn_book,
    "blog/type-case.webp": type_case,
    "blog/repair-lamp.webp": repair_lamp,
    "blog/book-bike.webp": book_bike,
    "blog/lantern-barge.webp": lantern_barge,
    "blog/paper-sheets.webp": paper_sheets,
    "blog/imposition.webp": imposition,
    "blog/flood-night.webp": flood_night,
    "blog/curved-letters.webp": curved_letters,
    "blog/walnuts.webp": walnuts,
}


def noise(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))


def screen(size: tuple[int, int], angle: float, cell: int = 26) -> Image.Image:
    """The thresholds of a halftone: low in the middle of every cell, high at its corners."""
    tile = Image.new("L", (cell, cell))
    middle = (cell - 1) / 2
    reach = math.hypot(middle, middle)
    tile.putdata(
        [
            min(254, round(254 * math.hypot(x - middle, y - middle) / reach))
            for y in range(cell)
            for x in range(cell)
        ]
    )
    side = math.ceil(math.hypot(*size))
    sheet = Image.new("L", (side, side))
    for y in range(0, side, cell):
        for x in range(0, side, cell):
            sheet.paste(tile, (x, y))
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    return sheet.rotate(angle).crop((left, top, left + size[0], top + size[1]))


def worn(mask: Image.Image, rng: random.Random) -> Image.Image:
    """A plate as the press leaves it: a few specks, and ink that is not quite even."""
    size = (WIDTH // 3, HEIGHT // 3)
    specks = noise(rng, size).filter(ImageFilter.GaussianBlur(0.8)).resize(mask.size)
    specks = specks.point([255 if value > 196 else 0 for value in range(256)])
    cloud = noise(rng, (30, 19)).resize(mask.size, Image.Resampling.BICUBIC)
    cloud = cloud.point([round(218 + value * 37 / 255) for value in range(256)])
    return ImageChops.multiply(ImageChops.subtract(mask, specks), cloud)


def pressed(plate: Plate, rng: random.Random) -> Image.Image:
    """The plate as a sheet of its own, ready to be multiplied onto the paper."""
    dots = plate.mask
    if plate.angle is not None:
        dots = ImageChops.subtract(dots, screen(dots.size, plate.angle))
        dots = dots.point([0 if value == 0 else 255 for value in range(256)])
    moved = Image.new("L", dots.size)
    moved.paste(dots, (round(plate.shift[0] * SCALE), round(plate.shift[1] * SCALE)))
    mask = worn(moved.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), rng)
    return Image.composite(
        Image.new("RGB", mask.size, plate.ink), Image.new("RGB", mask.size, "white"), mask
    )


def paper(rng: random.Random) -> Image.Image:
    fibres = noise(rng, (WIDTH // 6, HEIGHT // 6)).resize((WIDTH, HEIGHT))
    fibres = fibres.point([247 + round(value * 8 / 255) for value in range(256)])
    sheet = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    return ImageChops.multiply(sheet, Image.merge("RGB", (fibres, fibres, fibres)))


def printed(name: str, scene: Scene) -> Image.Image:
    rng = random.Random(name)
    sheet = paper(rng)
    for plate in scene(rng):
        sheet = ImageChops.multiply(sheet, pressed(plate, rng))
    return sheet


def webp(sheet: Image.Image) -> bytes:
    """The best quality that stays under the size limit."""
    for quality in range(84, 12, -4):
        buffer = BytesIO()
        sheet.save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() <= MAX_BYTES:
            return buffer.getvalue()
    raise ValueError(f"the picture cannot be kept under {MAX_BYTES} bytes")


def main() -> None:
    for name, scene in SCENES.items():
        target = DEMO / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(webp(printed(name, scene)))


if __name__ == "__main__":
    main()
