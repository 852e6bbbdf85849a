"""Who speaks to the API: the bearer of a token."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.preferences import preferences_activate
from accounts.services import token_digest, token_use


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer gibun_...`; costs one query, and a second one once a minute."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the owner and the token, None where no token was sent; raise for a bad one."""
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = ApiToken.objects.select_related("owner").filter(digest=token_digest(secret)).first()
        if token is None or not token.owner.is_active:
            raise AuthenticationFailed(
                _("토큰이 맞지 않아요. 다시 로그인해서 새 토큰을 받아 주세요."),
                code="token_invalid",
            )
        # Django's middleware knew nobody yet: from here on errors speak the owner's language.
        preferences_activate(user=token.owner)
        if token.expires_at <= timezone.now():
            raise AuthenticationFailed(
                _("토큰의 기한이 지났어요. 다시 로그인해서 새 토큰을 받아 주세요."),
                code="token_expired",
            )
        token_use(token=token)
        return token.owner, token

    def authenticate_header(self, _request: Request) -> str:
        """Make the answer to a stranger 401, with the scheme that we expect."""
        return "Bearer"
