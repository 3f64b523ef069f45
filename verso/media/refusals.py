"""What is said to somebody whose image is refused, reason by reason."""

from verso.i18n.gettext import N_
from verso.media.images import Reason

SENTENCES = {
    Reason.EMPTY: N_("The file is empty."),
    Reason.TOO_LARGE: N_("The file is larger than %(megabytes)s MB."),
    Reason.SVG: N_("SVG is refused, because it can hold scripts. Save the drawing as PNG or WebP."),
    Reason.FORMAT: N_("This is no JPEG, PNG, WebP, AVIF or GIF image, whatever its name says."),
    Reason.ENDING: N_("A name that ends in “%(ending)s” is refused, also where it holds an image."),
    Reason.DAMAGED: N_("The image is damaged or incomplete: it could not be decoded to its end."),
    Reason.PIXELS: N_(
        "The image has %(width)s × %(height)s pixels; at most %(most)s million are accepted."
    ),
    Reason.FRAMES: N_("The animation is too long or too large."),
    Reason.METADATA: N_("The image carries so much beside its pixels that it is refused."),
    Reason.EFFORT: N_("Decoding the image takes more time or memory than is reasonable."),
}
