"""What one kind of problem is made of; the catalogue lists them all."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem. title, detail and advice are msgids; code is the stable number of the API.

    What is_expected is answered on purpose and is no fault, whatever its status.
    """

    slug: str
    status: int
    code: int
    title: str
    detail: str
    advice: str
    retryable: bool = False
    is_expected: bool = False
