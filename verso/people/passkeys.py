"""Passkeys (WebAuthn): registering one, and signing in with it; a challenge is good once."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import webauthn
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from verso.models import OneTimeToken, Passkey, Purpose, User
from verso.people import tokens

MAX_BYTES = 20_000
MAX_PASSKEYS = 20


class PasskeyRefused(Exception):
    """What the browser sent is no answer to a challenge of ours; the message says why."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are for: the host's name, the origin of its pages, and its name for people."""

    host: str
    origin: str
    name: str


def registration_options(session: Session, user: User, site: Site) -> str:
    """What navigator.credentials.create() needs, as JSON."""
    if user.handle is None:
        user.handle = secrets.token_urlsafe(32)
    challenge = tokens.issue(session, Purpose.NEW_PASSKEY, user)
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name or "Verso",
        user_name=user.email,
        user_display_name=user.name,
        user_id=user.handle.encode(),
        challenge=challenge.encode(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(known.credential_id))
            for known in find_all(session, user)
        ],
    )
    return webauthn.options_to_json(options)


def register(session: Session, user: User, site: Site, credential: str, name: str) -> Passkey:
    """Keep the passkey that a browser made; PasskeyRefused if it answers no challenge of ours."""
    answer = _read(credential)
    challenge, taken = _challenge(session, Purpose.NEW_PASSKEY, answer)
    if taken.user_id != user.id or len(find_all(session, user)) >= MAX_PASSKEYS:
        raise PasskeyRefused("the challenge is somebody else's, or there are too many passkeys")
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused(str(error)) from error
    passkey = Passkey(
        user_id=user.id,
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name,
        created_at=datetime.now(UTC),
    )
    session.add(passkey)
    return passkey


def sign_in_options(session: Session, site: Site) -> str:
    """What navigator.credentials.get() needs, as JSON; it names no account."""
    challenge = tokens.issue(session, Purpose.PASSKEY)
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge.encode(),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def authenticate(session: Session, site: Site, credential: str) -> Passkey:
    """The passkey that answered a challenge, with its user; PasskeyRefused if none of ours did."""
    answer = _read(credential)
    challenge, _ = _challenge(session, Purpose.PASSKEY, answer)
    query = select(Passkey).where(Passkey.credential_id == str(answer.get("id"))[:1400])
    passkey = session.scalar(query.options(joinedload(Passkey.user)).with_for_update(of=Passkey))
    if passkey is None:
        raise PasskeyRefused("nobody has this passkey")
    try:
        seen = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused(str(error)) from error
    passkey.sign_count, passkey.used_at = seen.new_sign_count, datetime.now(UTC)
    return passkey


def find_all(session: Session, user: User) -> Sequence[Passkey]:
    """Somebody's passkeys, in the order in which they were made."""
    return session.scalars(
        select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)
    ).all()


def find(session: Session, user: User, passkey_id: int) -> Passkey | None:
    """One of somebody's own passkeys."""
    found = session.get(Passkey, passkey_id)
    return found if found is not None and found.user_id == user.id else None


def _read(credential: str) -> dict[str, Any]:
    try:
        answer = json.loads(credential[:MAX_BYTES])
    except (ValueError, RecursionError) as error:
        raise PasskeyRefused("this is not JSON") from error
    if not isinstance(answer, dict):
        raise PasskeyRefused("this is no credential")
    return answer


def _challenge(
    session: Session, purpose: Purpose, answer: dict[str, Any]
) -> tuple[bytes, OneTimeToken]:
    """The challenge that is answered, used up now; the signature over it is checked afterwards."""
    try:
        said = base64url_to_bytes(answer["response"]["clientDataJSON"])
        challenge = base64url_to_bytes(json.loads(said)["challenge"])
        taken = tokens.take(session, purpose, challenge.decode("ascii"))
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise PasskeyRefused("this answers no challenge") from error
    if taken is None:
        raise PasskeyRefused("this challenge was used or is too old")
    return challenge, taken
